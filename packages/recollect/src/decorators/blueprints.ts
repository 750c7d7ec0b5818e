import type { Blueprint } from './blueprint.js';

/** Blueprints by the prototype or class that declares the member; survives a wrapper put around ours by others. */
const byOwner = new WeakMap<object, Map<PropertyKey, Blueprint>>();
const byWrapper = new WeakMap<object, Blueprint>();

export function recordWrapper(blueprint: Blueprint): void {
  byWrapper.set(blueprint.wrapper, blueprint);
}

export function recordOwner(owner: object, key: PropertyKey, blueprint: Blueprint): void {
  const members = byOwner.get(owner) ?? new Map<PropertyKey, Blueprint>();
  byOwner.set(owner, members.set(key, blueprint));
}

/** The cached member that `target[key]` comes to; `undefined` when it is not cached. */
export function findBlueprint(target: object, key: PropertyKey): Blueprint | undefined {
  for (const found of blueprintsAlong(target, key)) return found;
  return undefined;
}

/** The cached members of that name along the chain, overridden ones included: their overrides may call them. */
export function cachedAlong(target: object, key: PropertyKey): Blueprint[] {
  return [...blueprintsAlong(target, key)].flatMap((found) => found ?? []);
}

function* blueprintsAlong(target: object, key: PropertyKey): Generator<Blueprint | undefined> {
  for (let owner: object | null = target; owner !== null; owner = Reflect.getPrototypeOf(owner)) {
    const member = Reflect.getOwnPropertyDescriptor(owner, key);
    if (member === undefined) continue;
    const wrapper: unknown = member.get ?? member.value;
    yield byOwner.get(owner)?.get(key) ??
      (typeof wrapper === 'function' ? byWrapper.get(wrapper) : undefined);
  }
}
