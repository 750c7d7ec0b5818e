import { Refusal } from './refusal.js';

const { getOwnPropertyDescriptor, getOwnPropertyNames, getOwnPropertySymbols } = Object;

/**
 * Names of all properties of an object, enumerable or not.
 *
 * @param trusted the object was looked at already: nothing is refused.
 * @throws the refusal of a property named by a symbol.
 */
export function ownNames(value: object, trusted: boolean): string[] {
  if (!trusted) refuseSymbols(value);
  return getOwnPropertyNames(value);
}

/** @throws the refusal of a property named by a symbol. */
export function refuseSymbols(value: object): void {
  const symbols = getOwnPropertySymbols(value);
  if (symbols.length > 0) throw new Refusal(`has a property named by a symbol (${String(symbols[0])})`);
}

/**
 * What a property holds, read past a getter: what that returns is not what would be read the next time.
 *
 * @throws the refusal of a getter or setter, which would come back as a mere value, of `__proto__`, and unless `hidden` ones
 *   are carried as such, of a property that is not enumerable.
 */
export function ownValue(value: object, name: string, hidden: boolean, trusted: boolean): unknown {
  if (trusted) return (value as Record<string, unknown>)[name];
  const property = getOwnPropertyDescriptor(value, name);
  if (property?.writable === undefined) throw new Refusal('is a getter or setter', name);
  if (!hidden && !property.enumerable) throw new Refusal('is not enumerable', name);
  if (name === '__proto__') throw new Refusal('has a name that readers take for the prototype', name);
  return property.value;
}

/** What instances of a built-in class have by nature. */
export interface BuiltInProperties {
  readonly properties: readonly string[];
  /** Some runtimes mark instances by symbols of their own. */
  readonly symbols?: 'ignored';
}

/** @throws the refusal of a property that somebody added to an instance of a built-in class. */
export function refuseAdded(value: object, { properties, symbols }: BuiltInProperties): void {
  if (symbols !== 'ignored') refuseSymbols(value);
  for (const name of getOwnPropertyNames(value)) {
    if (!properties.includes(name)) throw new Refusal('was added to an instance of a built-in class', name);
  }
}

/** No property at all. */
export const BARE: BuiltInProperties = { properties: [] };
