import { valueClassOf } from './value-classes.js';
import { valueKind } from './value-kind.js';

/** Stands in a decoded value where a shared object belongs. */
export class SharedPlace {
  constructor(readonly place: number) {}
}

/**
 * Puts the shared objects of a decoded list where they belong, in place: the list's first part is the value itself, the
 * others are the shared objects, and until here each of them is a tree. O(n); maps and sets keep their order.
 *
 * @throws RangeError for a place that is not in the list.
 */
export function linkShared(parts: readonly unknown[]): unknown {
  for (const part of parts) if (!(part instanceof SharedPlace)) linkWithin(part, parts);
  return resolve(parts[0], parts);
}

/** What belongs there; what is not shared is linked on the way. */
function linked(value: unknown, parts: readonly unknown[]): unknown {
  if (value instanceof SharedPlace) return resolve(value, parts);
  linkWithin(value, parts);
  return value;
}

function resolve(value: unknown, parts: readonly unknown[]): unknown {
  if (!(value instanceof SharedPlace)) return value;
  const shared = value.place > 0 ? parts[value.place] : undefined;
  if (typeof shared !== 'object' || shared === null || shared instanceof SharedPlace)
    throw new RangeError(`no shared object at ${String(value.place)}`);
  return shared;
}

function linkWithin(value: unknown, parts: readonly unknown[]): void {
  if (typeof value !== 'object' || value === null) return;
  const kind = valueKind(value);
  if (kind === 'Array') {
    const array = value as unknown[];
    for (let i = 0; i < array.length; i++) array[i] = linked(array[i], parts);
  } else if (kind === 'Map') {
    const members = [...(value as Map<unknown, unknown>)];
    (value as Map<unknown, unknown>).clear();
    for (const [key, member] of members)
      (value as Map<unknown, unknown>).set(linked(key, parts), linked(member, parts));
  } else if (kind === 'Set') {
    const members = [...(value as Set<unknown>)];
    (value as Set<unknown>).clear();
    for (const member of members) (value as Set<unknown>).add(linked(member, parts));
  } else if (kind === 'Object' || kind === 'Dictionary' || kind?.endsWith('Error') || isData(kind, value)) {
    linkProperties(value, parts);
  }
}

/** Instances that a codec made are whole, and may hold anything. */
function isData(kind: string | undefined, value: object): boolean {
  return kind === undefined && valueClassOf(Object.getPrototypeOf(value) as object)?.codec === undefined;
}

function linkProperties(value: object, parts: readonly unknown[]): void {
  for (const name of Object.getOwnPropertyNames(value)) {
    const property = Object.getOwnPropertyDescriptor(value, name);
    const held: unknown = property?.value;
    if (typeof held !== 'object' || held === null) continue;
    const there = linked(held, parts);
    if (there !== held) Object.defineProperty(value, name, { ...property, value: there });
  }
}
