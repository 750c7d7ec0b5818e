const WATCHED: readonly object[] = [Object.prototype, Array.prototype, Function.prototype, Promise.prototype];

/** Everything that is on the prototypes which hostile data would like to change. */
export function prototypeMembers(): string {
  return WATCHED.map((prototype) => Reflect.ownKeys(prototype).map(String).join()).join(';');
}
