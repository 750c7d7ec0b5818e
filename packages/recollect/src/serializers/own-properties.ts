import type { ValueStep } from './value-path.js';

/** The error for something that cannot be carried, at the part the walk is at or one step further. */
export type Refuse = (reason: string, step?: ValueStep) => Error;

/**
 * Names of all properties of an object, for whoever carries all of them. Properties that are not enumerable are refused
 * unless `hidden` ones are carried as well.
 *
 * @throws the refusal of a property that would be lost, or of one that would be taken for the prototype.
 */
export function ownNames(value: object, hidden: boolean, refuse: Refuse): string[] {
  const names = Reflect.ownKeys(value);
  for (const name of names) {
    if (typeof name === 'symbol') throw refuse(`has a property named by a symbol (${String(name)})`);
    if (name === '__proto__') throw refuse('has a name that readers take for the prototype', name);
    if (!hidden && !Object.prototype.propertyIsEnumerable.call(value, name))
      throw refuse('is not enumerable', name);
  }
  return names as string[];
}

/** What a property holds. @throws the refusal of a getter or setter, which would come back as a mere value. */
export function ownValue(value: object, name: string, refuse: Refuse): unknown {
  const property = Object.getOwnPropertyDescriptor(value, name);
  if (property === undefined || property.get !== undefined || property.set !== undefined)
    throw refuse('is a getter or setter', name);
  return property.value as unknown;
}

/** @throws the refusal of a property that somebody added to an instance of a built-in class. */
export function refuseAdded(value: object, builtIn: readonly string[], refuse: Refuse): void {
  for (const name of Object.getOwnPropertyNames(value)) {
    if (!builtIn.includes(name)) throw refuse('was added to an instance of a built-in class', name);
  }
}
