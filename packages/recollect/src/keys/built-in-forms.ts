import { BINARY_FORMS } from './binary-forms.js';
import { type KeyForm, slot, succeeds } from './key-form.js';
import { quoted } from './primitive-text.js';

const dateText = Date.prototype.toISOString;
const dateTime = Date.prototype.getTime;
const mapSize = slot(Map.prototype, 'size') as (value: object) => number;
const setSize = slot(Set.prototype, 'size') as (value: object) => number;
const regExpSource = slot(RegExp.prototype, 'source') as (value: object) => string;
const regExpFlags = slot(RegExp.prototype, 'flags') as (value: object) => string;

const date: KeyForm = {
  owns: succeeds((value) => dateTime.call(value as Date)),
  text: (value) =>
    Number.isNaN(dateTime.call(value as Date)) ? 'Date(NaN)' : `Date(${dateText.call(value as Date)})`,
};

const regExp: KeyForm = {
  owns: succeeds(regExpSource),
  text: (value) => `RegExp(${quoted(regExpSource(value))},${quoted(regExpFlags(value))})`,
};

const map: KeyForm = {
  owns: succeeds(mapSize),
  text: (value, walk) => {
    if (!walk.spend(mapSize(value) * 2, 0)) return undefined;
    // All members are taken out before any is encoded: a getter in one of them could keep adding to the map.
    const members: unknown[] = [];
    Map.prototype.forEach.call(value, (member: unknown, key: unknown) => members.push(key, member));
    const texts: string[] = [];
    for (let i = 0; i < members.length; i += 2) {
      const key = walk.inside(members[i], i / 2);
      const member = key === undefined ? undefined : walk.inside(members[i + 1], i / 2);
      if (member === undefined) return undefined;
      texts.push(`${key}:${member}`);
    }
    return unordered('Map', texts);
  },
};

const set: KeyForm = {
  owns: succeeds(setSize),
  text: (value, walk) => {
    if (!walk.spend(setSize(value), 0)) return undefined;
    const members: unknown[] = [];
    Set.prototype.forEach.call(value, (member: unknown) => members.push(member));
    const texts: string[] = [];
    for (let i = 0; i < members.length; i++) {
      const member = walk.inside(members[i], i);
      if (member === undefined) return undefined;
      texts.push(member);
    }
    return unordered('Set', texts);
  },
};

function unordered(tag: string, texts: string[]): string {
  return `${tag}(${texts.sort().join(',')})`;
}

/**
 * Classes of the platform rather than of the language: each environment brings its own, so the text is read by the
 * accessor or method of the instance's own prototype, which checks its receiver.
 */
function platformForm(
  tag: string,
  members: readonly string[],
  read: (prototype: object, value: object) => unknown,
) {
  const form: KeyForm = {
    owns: (value, prototype) =>
      members.every((member) => Object.hasOwn(prototype, member)) &&
      succeeds((self) => read(prototype, self))(value),
    text: (value, walk) => {
      const text = String(read(Object.getPrototypeOf(value), value));
      return walk.spend(0, text.length) ? `${tag}(${quoted(text)})` : undefined;
    },
    // Some runtimes mark their instances with symbols.
    ignores: 'symbols',
  };
  return form;
}

const url = platformForm('URL', ['href', 'searchParams'], (prototype, value) =>
  slot(prototype, 'href')(value),
);
const searchParams = platformForm('URLSearchParams', ['getAll', 'toString'], (prototype, value) =>
  prototype.toString.call(value),
);

/** Forms of the built-in classes, by class name; plain objects and arrays are the walk's own business. */
export const BUILT_IN_FORMS: ReadonlyMap<string, KeyForm> = new Map([
  ['Date', date],
  ['RegExp', regExp],
  ['Map', map],
  ['Set', set],
  ['URL', url],
  ['URLSearchParams', searchParams],
  ...BINARY_FORMS,
]);
