/**
 * The prototype (or, for static members, the class) that declares the member: the first up the chain whose own property
 * is the wrapper. Another decorator may have wrapped it again; then the only one that has such a property will do.
 */
export function declaringOwner(self: unknown, key: PropertyKey, wrapper: unknown): object | undefined {
  const candidates: object[] = [];
  for (let owner = objectOf(self); owner !== null; owner = Reflect.getPrototypeOf(owner)) {
    const member = Reflect.getOwnPropertyDescriptor(owner, key);
    if (member === undefined) continue;
    if (member.value === wrapper || member.get === wrapper) return owner;
    candidates.push(owner);
  }
  return candidates.length === 1 ? candidates[0] : undefined;
}

/** The name of the class that the owner is, or is the prototype of. */
export function ownerName(owner: object): string {
  const named = typeof owner === 'function' ? owner : owner.constructor;
  return typeof named === 'function' ? named.name : '';
}

/**
 * Whether a class name may be a minifier's work, or none at all: such names differ between builds and coincide within
 * one, so they must not stand in keys that leave the process.
 */
export function looksMinified(className: string): boolean {
  return className.length < 4 || !/^\p{Lu}/u.test(className);
}

function objectOf(self: unknown): object | null {
  return (typeof self === 'object' && self !== null) || typeof self === 'function' ? self : null;
}
