import { ConfigurationError } from '../model/errors.js';

/** How instances of one class become part of a key. */
export interface KeyType {
  readonly name: string;
  readonly parts: (instance: never) => unknown;
}

type KeyClass<Instance extends object> = abstract new (...args: never) => Instance;

// By prototype, so that an instance of a subclass, which may carry state that `parts` knows nothing of, is not found.
const types = new Map<object, KeyType>();

/**
 * Lets instances of a class be arguments: two of them are equal when `parts` returns equal values. The name stands in
 * the keys instead of the class's own, which a minifier may change: keep it from release to release. An instance of a
 * subclass is not an instance of the registered class.
 *
 * ```ts
 * registerKeyType('money', Money, (money) => [money.currency, money.cents]);
 * ```
 *
 * @throws ConfigurationError when the name is empty, the name or the class is taken, or the class is `Object` or `Array`.
 */
export function registerKeyType<Instance extends object>(
  name: string,
  Class: KeyClass<Instance>,
  parts: (instance: Instance) => unknown,
): void {
  if (typeof name !== 'string' || name === '') {
    throw new ConfigurationError(
      `name of a key type is ${name === '' ? 'empty' : `a ${typeof name}`}; it accepts text`,
    );
  }
  const prototype: unknown = typeof Class === 'function' ? Class.prototype : undefined;
  if (typeof prototype !== 'object' || prototype === null) {
    throw new ConfigurationError(
      `class of key type '${name}' is a ${typeof Class} without instances; it accepts a class`,
    );
  }
  if (prototype === Object.prototype || prototype === Array.prototype) {
    throw new ConfigurationError(`class of key type '${name}' is ${Class.name}, whose form in keys is fixed`);
  }
  if (typeof parts !== 'function') {
    throw new ConfigurationError(
      `parts of key type '${name}' is a ${typeof parts}; it accepts (instance) => parts`,
    );
  }
  const holder = types.get(prototype);
  if (holder !== undefined) {
    throw new ConfigurationError(
      `class ${Class.name} of key type '${name}' is already registered as '${holder.name}'`,
    );
  }
  for (const other of types.values()) {
    if (other.name === name)
      throw new ConfigurationError(`key type '${name}' is already registered for another class`);
  }
  types.set(prototype, { name, parts });
}

/** The key type registered for instances with this very prototype. */
export function keyTypeOf(prototype: object): KeyType | undefined {
  return types.get(prototype);
}
