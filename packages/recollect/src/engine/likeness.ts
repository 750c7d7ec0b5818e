/** A property value that does not keep an object alive. */
type Held = { readonly ref: WeakRef<object> } | { readonly value: unknown };

/** What is remembered of an instance after it may have been collected. */
interface Portrait {
  readonly prototype: unknown;
  readonly properties: ReadonlyMap<PropertyKey, Held>;
}

const PRIVATE_STATE = '#private state';
const privacy = new WeakMap<object, boolean>();

/**
 * Whether the instances that call one site are provably alike: same class, every own property identical, and no private
 * state that could tell them apart unseen. An instance is compared with the one that called before it, as both are now;
 * one that calls alone is never compared with its own past.
 */
export class Likeness {
  #last: WeakRef<object> | undefined;
  #portrait: Portrait | undefined;

  /** The names of what differs, or `undefined` when the instance may share entries with those before it. */
  differences(self: object): readonly string[] | undefined {
    const last = this.#last?.deref();
    if (last !== self) {
      const before = last === undefined ? this.#portrait : portray(last);
      if (before !== undefined) {
        const found = compare(before, portray(self));
        if (hasPrivateState(self)) found.push(PRIVATE_STATE);
        if (found.length > 0) return found;
      }
      this.#last = new WeakRef(self);
    }
    this.#portrait = portray(self);
    return undefined;
  }
}

function portray(self: object): Portrait {
  const properties = new Map<PropertyKey, Held>();
  for (const name of Reflect.ownKeys(self)) {
    const descriptor = Reflect.getOwnPropertyDescriptor(self, name);
    // An accessor may answer anything: a fresh object stands for "never identical".
    const value: unknown = descriptor !== undefined && 'value' in descriptor ? descriptor.value : {};
    const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
    properties.set(name, isObject ? { ref: new WeakRef(value) } : { value });
  }
  return { prototype: Reflect.getPrototypeOf(self), properties };
}

function compare(before: Portrait, now: Portrait): string[] {
  const found: string[] = [];
  if (before.prototype !== now.prototype) found.push('(class)');
  for (const name of new Set([...before.properties.keys(), ...now.properties.keys()])) {
    if (!identical(before.properties.get(name), now.properties.get(name))) found.push(String(name));
  }
  return found;
}

function identical(one: Held | undefined, other: Held | undefined): boolean {
  if (one === undefined || other === undefined) return false;
  if ('ref' in one)
    return 'ref' in other && one.ref.deref() !== undefined && one.ref.deref() === other.ref.deref();
  return 'value' in other && Object.is(one.value, other.value);
}

/**
 * Looks for private names in the source of every class of the chain, and for what compilers turn them into. A built-in
 * base class counts as well: its internal slots cannot be seen either. May err towards yes, never towards no.
 */
function hasPrivateState(self: object): boolean {
  for (let proto = Reflect.getPrototypeOf(self); proto !== null; proto = Reflect.getPrototypeOf(proto)) {
    if (Reflect.getPrototypeOf(proto) === null) return false;
    let answer = privacy.get(proto);
    if (answer === undefined) {
      const source =
        typeof proto.constructor === 'function' ? Function.prototype.toString.call(proto.constructor) : '';
      answer = /#[\p{ID_Start}$_]|__classPrivateField|_classPrivate|WeakMap|\[native code\]/u.test(source);
      privacy.set(proto, answer);
    }
    if (answer) return true;
  }
  return false;
}
