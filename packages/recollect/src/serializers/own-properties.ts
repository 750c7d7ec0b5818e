import type { ValueStep } from './value-path.js';

/** The error for something that cannot be carried, at the part the walk is at or one step further. */
export type Refuse = (reason: string, step?: ValueStep) => Error;

const { getOwnPropertyDescriptor, getOwnPropertyNames, getOwnPropertySymbols } = Object;

/**
 * Names of all properties of an object, enumerable or not, for whoever carries all of them.
 *
 * @throws the refusal of a property that would be lost, or of one that would be taken for the prototype.
 */
export function ownNames(value: object, refuse: Refuse): string[] {
  const [symbol] = getOwnPropertySymbols(value);
  if (symbol !== undefined) throw refuse(`has a property named by a symbol (${String(symbol)})`);
  const names = getOwnPropertyNames(value);
  if (names.includes('__proto__'))
    throw refuse('has a name that readers take for the prototype', '__proto__');
  return names;
}

/**
 * What a property holds.
 *
 * @throws the refusal of a getter or setter, which would come back as a mere value, and unless `hidden` ones are carried as
 *   such, of a property that is not enumerable.
 */
export function ownValue(value: object, name: string, hidden: boolean, refuse: Refuse): unknown {
  const property = getOwnPropertyDescriptor(value, name);
  if (property === undefined || property.get !== undefined || property.set !== undefined)
    throw refuse('is a getter or setter', name);
  if (!hidden && !property.enumerable) throw refuse('is not enumerable', name);
  return property.value as unknown;
}

/** What instances of a built-in class have by nature. */
export interface BuiltInProperties {
  readonly properties: readonly string[];
  /** Some runtimes mark instances by symbols of their own. */
  readonly symbols?: 'ignored';
}

/** @throws the refusal of a property that somebody added to an instance of a built-in class. */
export function refuseAdded(value: object, { properties, symbols }: BuiltInProperties, refuse: Refuse): void {
  const [symbol] = symbols === 'ignored' ? [] : getOwnPropertySymbols(value);
  if (symbol !== undefined) throw refuse(`has a property named by a symbol (${String(symbol)})`);
  for (const name of getOwnPropertyNames(value)) {
    if (!properties.includes(name)) throw refuse('was added to an instance of a built-in class', name);
  }
}

/** No property at all. */
export const BARE: BuiltInProperties = { properties: [] };
