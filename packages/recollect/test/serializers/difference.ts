/**
 * Where two values differ, as a path and a reason; empty when nobody can tell them apart: same types and prototypes, same
 * properties in the same order with the same flags, same members of maps and sets in the same order, same bytes, and the
 * same objects in the same places.
 */
export function difference(actual: unknown, expected: unknown): string {
  return new Comparison().at('value', actual, expected);
}

const stringOf = (value: unknown): string =>
  typeof value === 'string' ? JSON.stringify(value) : Object.is(value, -0) ? '-0' : String(value);

class Comparison {
  readonly #there = new Map<object, object>();
  readonly #back = new Map<object, object>();

  at(path: string, actual: unknown, expected: unknown): string {
    if (typeof expected !== 'object' || expected === null || typeof actual !== 'object' || actual === null) {
      return Object.is(actual, expected)
        ? ''
        : `${path} is ${typeof actual}, not the ${typeof expected} ${typeof expected === 'object' ? '' : stringOf(expected)}`;
    }
    const known = this.#there.get(expected);
    if (known !== undefined || this.#back.has(actual)) {
      return known === actual ? '' : `${path} is another object than where it was met before`;
    }
    this.#there.set(expected, actual);
    this.#back.set(actual, expected);
    if (Object.getPrototypeOf(actual) !== Object.getPrototypeOf(expected))
      return `${path} has another prototype`;
    return this.#slots(path, actual, expected) || this.#properties(path, actual, expected);
  }

  #slots(path: string, actual: object, expected: object): string {
    const tag = Object.prototype.toString.call(expected);
    if (Object.prototype.toString.call(actual) !== tag) return `${path} is no ${tag}`;
    if (expected instanceof Map)
      return this.at(`${path}<members>`, [...(actual as Map<unknown, unknown>)], [...expected]);
    if (expected instanceof Set)
      return this.at(`${path}<members>`, [...(actual as Set<unknown>)], [...expected]);
    const [one, other] = [content(actual), content(expected)];
    return one === other ? '' : `${path} holds ${one}, not ${other}`;
  }

  #properties(path: string, actual: object, expected: object): string {
    // One by one those of a long byte array would take for ever; their content is compared already.
    if (ArrayBuffer.isView(expected)) return '';
    const names = Reflect.ownKeys(expected);
    const found = Reflect.ownKeys(actual);
    if (names.length !== found.length || names.some((name, i) => name !== found[i])) {
      return `${path} has the properties ${found.map(String).join()}, not ${names.map(String).join()}`;
    }
    for (const name of names) {
      const inner = `${path}[${String(name)}]`;
      const [one, other] = [actual, expected].map((value) => Object.getOwnPropertyDescriptor(value, name));
      if (one?.enumerable !== other?.enumerable) return `${inner} differs in being enumerable`;
      // Newer engines have an accessor for the stack of an error, which is a property like any other to who reads it.
      const stack = name === 'stack' && expected instanceof Error;
      const difference = stack
        ? this.at(inner, (actual as Error).stack, expected.stack)
        : this.at(inner, one?.value, other?.value);
      if (difference !== '') return difference;
    }
    return '';
  }
}

function content(value: object): string {
  if (value instanceof Date) return String(value.getTime());
  if (value instanceof RegExp) return String(value);
  if (value instanceof URL || value instanceof URLSearchParams) return String(value);
  if (value instanceof ArrayBuffer) return Buffer.from(value).toString('hex');
  if (ArrayBuffer.isView(value))
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex');
  return '';
}
