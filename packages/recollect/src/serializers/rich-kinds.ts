import { type BinaryForm, binaryValue } from './binary-value.js';
import type { CustomTag, RichProperty } from './rich-format.js';
import { UnknownClassError, type ValueClass, valueClassNamed } from './value-classes.js';
import { ERROR_NAMES } from './value-kind.js';

/** How parts of one type are read. */
export interface RichKind<Json = never, Value = unknown> {
  /** The value, or an object that is still empty: it may be referred to before its parts have been read. */
  make(json: Json, readPayload: (payload: unknown) => unknown): Value;
  /** Puts in its parts, which have been read by now. */
  fill?(made: Value, json: Json): void;
}

type Named = readonly [name: string, properties: unknown];

const globals = globalThis as unknown as Readonly<
  Record<string, { readonly prototype: object } | undefined>
> & {
  readonly URL: new (text: string) => object;
  readonly URLSearchParams: new (text: string) => object;
};

const map: RichKind<unknown, Map<unknown, unknown>> = {
  make: () => new Map(),
  fill(made, pairs) {
    for (const pair of listOf(pairs)) {
      const [key, member] = listOf(pair);
      made.set(key, member);
    }
  },
};

const set: RichKind<unknown, Set<unknown>> = {
  make: () => new Set(),
  fill(made, members) {
    for (const member of listOf(members)) made.add(member);
  },
};

/** The types of superjson that stand in our records. */
export const SUPERJSON_KINDS: ReadonlyMap<unknown, RichKind> = new Map<unknown, RichKind>([
  ['undefined', { make: () => undefined }],
  ['bigint', ofText(BigInt)],
  ['number', ofText(Number)],
  ['Date', ofText((text) => new Date(text))],
  ['URL', ofText((text) => new globals.URL(text))],
  ['regexp', ofText(regExpOf)],
  ['map', map],
  ['set', set],
]);

const properties: RichKind<unknown, object> = { make: () => ({}), fill: define };

const CUSTOM: { readonly [tag in Exclude<CustomTag, 'ref'>]: RichKind } = {
  bytes: { make: (form: BinaryForm) => binaryValue(form) },
  class: {
    make([name]: Named) {
      const { prototype, error, codec } = valueClassNamed(name);
      if (codec !== undefined) throw new TypeError(`value class '${name}' has a codec`);
      return error ? bareError(prototype) : (Object.create(prototype) as object);
    },
    fill: (made: object, [, held]: Named) => define(made, held),
  },
  coded: {
    make([name, payload]: Named, readPayload) {
      const { codec }: ValueClass = valueClassNamed(name);
      if (codec === undefined) throw new TypeError(`value class '${name}' has no codec`);
      return codec.decode(readPayload(payload));
    },
  },
  dictionary: { ...properties, make: () => Object.create(null) as object },
  error: {
    make([name]: Named) {
      const prototype = ERROR_NAMES.includes(name) ? globals[name]?.prototype : undefined;
      if (prototype === undefined) throw new UnknownClassError(`this runtime has no ${name}`);
      return bareError(prototype);
    },
    fill: (made: object, [, held]: Named) => define(made, held),
  },
  record: properties,
  regexp: {
    make: ([source, flags, lastIndex]: readonly [string, string, number]) =>
      Object.assign(new RegExp(source, flags), { lastIndex }),
  },
  search: ofText((text) => new globals.URLSearchParams(text)),
};

/** Our own types, by their tag. */
export const CUSTOM_KINDS: ReadonlyMap<unknown, RichKind> = new Map(Object.entries(CUSTOM));

function ofText(read: (text: string) => unknown): RichKind<unknown> {
  return {
    make(text) {
      if (typeof text !== 'string') throw new TypeError('no text');
      return read(text);
    },
  };
}

function regExpOf(text: string): RegExp {
  const end = text.lastIndexOf('/');
  return new RegExp(text.slice(1, end), text.slice(end + 1));
}

function listOf(json: unknown): readonly unknown[] {
  if (!Array.isArray(json)) throw new TypeError('no list');
  return json;
}

/** A real error of a class, with none of its own properties yet. */
function bareError(prototype: object): object {
  const error = Object.setPrototypeOf(new Error(), prototype) as Error;
  // The place where it was decoded is of no interest; the stack it had is among its properties.
  Reflect.deleteProperty(error, 'stack');
  return error;
}

function define(target: object, properties: unknown): void {
  for (const [name, value, hidden] of properties as readonly RichProperty[]) {
    if (typeof name !== 'string' || name === '__proto__') throw new TypeError('no name of a property');
    Object.defineProperty(target, name, {
      value,
      writable: true,
      configurable: true,
      enumerable: hidden !== 0,
    });
  }
}
