import { BARE, ownNames, ownValue, refuseAdded } from './own-properties.js';
import { isListedName, type RichProperty } from './rich-format.js';
import type { RichWalk } from './rich-trail.js';

const mapForEach = Map.prototype.forEach;
const setForEach = Set.prototype.forEach;
const isEnumerable = Object.prototype.propertyIsEnumerable;

/** Properties of a plain object as those of the JSON. */
export function writePlain(value: object, walk: RichWalk): unknown {
  const { trail } = walk;
  const names = ownNames(value, trail.refuse);
  for (const name of names) if (isListedName(name)) return writeListed('record', value, walk);
  const parts: Record<string, unknown> = {};
  for (const name of names) {
    const held = ownValue(value, name, false, trail.refuse);
    trail.enter(name, name);
    parts[name] = walk.json(held);
    trail.leave();
  }
  return parts;
}

/** @throws the refusal of holes and of named properties. */
export function writeArray(value: readonly unknown[], walk: RichWalk): unknown {
  const { trail } = walk;
  const names = ownNames(value, trail.refuse);
  const parts: unknown[] = [];
  for (let i = 0; i < value.length; i++) {
    const element = value[i];
    if (element === undefined && !Object.hasOwn(value, i)) throw trail.refuse('is a hole in an array', i);
    trail.enter(i, i);
    parts.push(walk.json(element));
    trail.leave();
  }
  // Without holes, the names after those of the elements are `length` and what somebody added.
  const added = names.slice(value.length).find((name) => name !== 'length');
  if (added !== undefined) throw trail.refuse('was added to an array', added);
  return parts;
}

/** Pairs of key and member, in order. */
export function writeMap(value: object, walk: RichWalk): unknown {
  const { trail } = walk;
  refuseAdded(value, BARE, trail.refuse);
  // All members are taken out first: code that the walk runs must not change the map under it.
  const members: (readonly [unknown, unknown])[] = [];
  mapForEach.call(value, (member, key) => members.push([key, member]));
  const outer = trail.notes.open();
  const parts: unknown[] = [];
  for (const [key, member] of members) {
    const i = parts.length;
    trail.notes.enter(i);
    trail.enter(0, { words: `key ${i}` });
    const keyJson = walk.json(key);
    trail.leave();
    trail.enter(1, { words: typeof key === 'string' ? JSON.stringify(key) : `entry ${i}` });
    parts.push([keyJson, walk.json(member)]);
    trail.leave();
    trail.notes.leave();
  }
  trail.notes.close(outer, 'map');
  return parts;
}

/** Members, in order. */
export function writeSet(value: object, walk: RichWalk): unknown {
  const { trail } = walk;
  refuseAdded(value, BARE, trail.refuse);
  const members: unknown[] = [];
  setForEach.call(value, (member) => members.push(member));
  const outer = trail.notes.open();
  const parts: unknown[] = [];
  for (const member of members) {
    trail.enter(parts.length, { words: `member ${parts.length}` });
    parts.push(walk.json(member));
    trail.leave();
  }
  trail.notes.close(outer, 'set');
  return parts;
}

/** Properties as a list. */
export function writeListed(tag: 'dictionary' | 'record', value: object, walk: RichWalk): unknown {
  const { notes } = walk.trail;
  const outer = notes.open();
  const properties = writeProperties(value, false, walk);
  notes.close(outer, ['custom', tag]);
  return properties;
}

/** A name, and the properties that belong to it as the second of two. */
export function writeNamed(
  tag: 'class' | 'error',
  name: string,
  value: object,
  hidden: boolean,
  walk: RichWalk,
): unknown {
  const { notes } = walk.trail;
  const outer = notes.open();
  notes.enter(1);
  const properties = writeProperties(value, hidden, walk);
  notes.leave();
  notes.close(outer, ['custom', tag]);
  return [name, properties];
}

function writeProperties(value: object, hidden: boolean, walk: RichWalk): RichProperty[] {
  const { trail } = walk;
  const properties: RichProperty[] = [];
  for (const name of ownNames(value, trail.refuse)) {
    // Some engines have an accessor there; it belongs to the error, not to the application.
    const stack = hidden && name === 'stack';
    const held = stack ? (value as Error).stack : ownValue(value, name, hidden, trail.refuse);
    trail.notes.enter(properties.length);
    trail.enter(1, name);
    const heldJson = walk.json(held);
    trail.leave();
    trail.notes.leave();
    properties.push(isEnumerable.call(value, name) ? [name, heldJson] : [name, heldJson, 0]);
  }
  return properties;
}
