import { BARE, ownNames, ownValue, refuseAdded, refuseSymbols } from './own-properties.js';
import { Refusal } from './refusal.js';
import { type CustomTag, isListedName, type RichProperty } from './rich-format.js';
import type { RichWalk } from './rich-walk.js';
import type { ValueStep } from './value-path.js';

const mapForEach = Map.prototype.forEach;
const setForEach = Set.prototype.forEach;
const sliceArray = Array.prototype.slice as (this: readonly unknown[]) => unknown[];
const isEnumerable = Object.prototype.propertyIsEnumerable;

/** Most of all data: what can be seen at a glance to be the same in JSON. */
function isBulk(value: unknown): boolean {
  return (
    typeof value === 'string' ||
    typeof value === 'boolean' ||
    value === null ||
    (typeof value === 'number' && value - value === 0 && value !== 0)
  );
}

/** Properties of a plain object as those of the JSON: the object itself, where JSON carries all of them as they are. */
export function writePlain(value: object, walk: RichWalk, depth: number, ours: boolean): unknown {
  const names = ownNames(value, walk.trusted);
  if (walk.exact && names.some(isListedName)) return writeListed(['record'], value, false, walk, depth);
  // Names and what they became. Until all are looked at, a copy of the object could run a getter.
  let changed: unknown[] | undefined;
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as string;
    const held = ownValue(value, name, false, walk.trusted);
    if (isBulk(held)) continue;
    const json = walk.part(held, depth, name, name);
    if (json === held) continue;
    changed ??= [];
    changed.push(name, json);
  }
  if (changed === undefined && ours) return value;
  const parts: Record<string, unknown> = { ...value };
  for (let i = 0; changed !== undefined && i < changed.length; i += 2)
    parts[changed[i] as string] = changed[i + 1];
  return parts;
}

/** @throws the refusal of holes and of named properties, of hidden ones only where the walk is exact. */
export function writeArray(value: readonly unknown[], walk: RichWalk, depth: number, ours: boolean): unknown {
  if (!walk.trusted) refuseSymbols(value);
  const { length } = value;
  // Not its own method: that of another realm makes an array of that realm.
  let parts = ours ? undefined : sliceArray.call(value);
  for (let i = 0; i < length; i++) {
    const element = value[i];
    if (isBulk(element)) continue;
    if (element === undefined && !Object.hasOwn(value, i)) throw new Refusal('is a hole in an array', i);
    const json = walk.part(element, depth, i, i);
    if (json === element) continue;
    parts ??= sliceArray.call(value);
    parts[i] = json;
  }
  const names = walk.exact ? Object.getOwnPropertyNames(value) : walk.trusted ? [] : Object.keys(value);
  if (names.length > length) {
    // Without holes, the names after those of the elements are `length` and what somebody added.
    const added = names.slice(length).find((name) => name !== 'length');
    if (added !== undefined) throw new Refusal('was added to an array', added);
  }
  return parts ?? value;
}

/** Pairs of key and member, in order. */
export function writeMap(value: object, walk: RichWalk, depth: number): unknown {
  if (!walk.trusted) refuseAdded(value, BARE);
  // All members are taken out first: code that the walk runs must not change the map under it.
  const members: (readonly [unknown, unknown])[] = [];
  mapForEach.call(value, (member, key) => members.push([key, member]));
  const outer = walk.notes.open(depth);
  const parts: unknown[] = [];
  for (const [key, member] of members) {
    const i = parts.length;
    const words = (): ValueStep => ({ words: typeof key === 'string' ? JSON.stringify(key) : `entry ${i}` });
    parts.push([
      walk.part(key, depth, `${i}.0`, () => ({ words: `key ${i}` })),
      walk.part(member, depth, `${i}.1`, words),
    ]);
  }
  walk.notes.close(outer, depth, '"map"');
  return parts;
}

/** Members, in order. */
export function writeSet(value: object, walk: RichWalk, depth: number): unknown {
  if (!walk.trusted) refuseAdded(value, BARE);
  const members: unknown[] = [];
  setForEach.call(value, (member) => members.push(member));
  const outer = walk.notes.open(depth);
  const parts: unknown[] = [];
  for (const member of members) {
    const i = parts.length;
    parts.push(walk.part(member, depth, i, () => ({ words: `member ${i}` })));
  }
  walk.notes.close(outer, depth, '"set"');
  return parts;
}

/** Properties as a list; where what has them has a name, that and the list. */
export function writeListed(
  [tag, name]: readonly [tag: CustomTag, name?: string],
  value: object,
  hidden: boolean,
  walk: RichWalk,
  depth: number,
): unknown {
  const outer = walk.notes.open(depth);
  const path = name === undefined ? '' : '1.';
  const properties: RichProperty[] = [];
  for (const own of ownNames(value, walk.trusted)) {
    // Some engines have an accessor there; it belongs to the error, not to the application.
    const stack = hidden && own === 'stack';
    const held = stack ? (value as Error).stack : ownValue(value, own, hidden, walk.trusted);
    const json = walk.part(held, depth, `${path}${properties.length}.1`, own);
    properties.push(isEnumerable.call(value, own) ? [own, json] : [own, json, 0]);
  }
  walk.notes.close(outer, depth, `["custom","${tag}"]`);
  return name === undefined ? properties : [name, properties];
}
