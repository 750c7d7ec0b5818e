import { slot } from '../keys/key-form.js';
import { BINARY_KINDS, binaryForm } from './binary-value.js';
import type { BuiltInProperties } from './own-properties.js';
import type { RichType } from './rich-format.js';

/** A value without parts, as it stands in a record. */
export interface RichLeaf {
  readonly type: RichType;
  readonly json: unknown;
}

type LeafKind = (BuiltInProperties | { readonly properties: 'any' }) & { leaf(value: object): RichLeaf };

const { URL, URLSearchParams } = globalThis as unknown as {
  readonly URL: { readonly prototype: object };
  readonly URLSearchParams: { readonly prototype: { toString(): string } };
};

const timeOf = Date.prototype.getTime;
const isoOf = Date.prototype.toISOString;
const sourceOf = slot(RegExp.prototype, 'source') as (value: object) => string;
const flagsOf = slot(RegExp.prototype, 'flags') as (value: object) => string;
const hrefOf = slot(URL.prototype, 'href');
const searchOf = URLSearchParams.prototype.toString;

const date: LeafKind = {
  properties: [],
  // What `new Date` makes of 'NaN' is an invalid date as well.
  leaf: (value) => ({
    type: 'Date',
    json: Number.isNaN(timeOf.call(value as Date)) ? 'NaN' : isoOf.call(value as Date),
  }),
};

const regExp: LeafKind = {
  properties: ['lastIndex'],
  leaf(value) {
    const { lastIndex } = value as RegExp;
    if (!Number.isSafeInteger(lastIndex) || Object.is(lastIndex, -0))
      throw new TypeError('its lastIndex is no index');
    return lastIndex === 0
      ? { type: 'regexp', json: `/${sourceOf(value)}/${flagsOf(value)}` }
      : { type: ['custom', 'regexp'], json: [sourceOf(value), flagsOf(value), lastIndex] };
  },
};

const url: LeafKind = {
  properties: [],
  symbols: 'ignored',
  leaf: (value) => ({ type: 'URL', json: hrefOf(value) }),
};
const search: LeafKind = {
  properties: [],
  symbols: 'ignored',
  leaf: (value) => ({ type: ['custom', 'search'], json: searchOf.call(value) }),
};

/** Built-in classes whose instances have no parts, by kind. */
export const LEAF_KINDS: ReadonlyMap<string, LeafKind> = new Map([
  ['Date', date],
  ['RegExp', regExp],
  ['URL', url],
  ['URLSearchParams', search],
  ...[...BINARY_KINDS].map((kind): [string, LeafKind] => [
    kind,
    {
      // To list those of a typed array takes a string for each element; nobody hangs meaning on an array of numbers.
      properties: kind === 'ArrayBuffer' || kind === 'DataView' ? [] : 'any',
      leaf: (value) => ({ type: ['custom', 'bytes'], json: binaryForm(kind, value) }),
    },
  ]),
]);
