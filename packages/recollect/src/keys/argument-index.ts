/** Where an entry stands in an {@link ArgumentIndex}: its raw arguments, or the canonical form of all others. */
export type Place = readonly unknown[] | string;

/**
 * Entries of one lane by the arguments of the call, so that a hit builds no key. Up to two primitive arguments are
 * looked up as they are; anything else by its canonical form.
 *
 * `Map` compares by SameValueZero, which takes `-0` for `0`: zeros of either sign are therefore looked up by canonical
 * form, where they differ.
 */
export class ArgumentIndex<E> {
  /** By the one argument. Read directly by the wrappers; written only here. */
  readonly one = new Map<unknown, E>();
  // Made when first needed: there may be as many indexes as there are instances.
  #two: Map<unknown, Map<unknown, E>> | undefined;
  #texts: Map<string, E> | undefined;
  #none: E | undefined;

  get(place: Place): E | undefined {
    if (typeof place === 'string') return this.#texts?.get(place);
    if (place.length === 1) return this.one.get(place[0]);
    if (place.length === 2) return this.two(place[0], place[1]);
    return this.#none;
  }

  two(first: unknown, second: unknown): E | undefined {
    return this.#two?.get(first)?.get(second);
  }

  none(): E | undefined {
    return this.#none;
  }

  set(place: Place, entry: E): void {
    if (typeof place === 'string') {
      this.#texts ??= new Map();
      this.#texts.set(place, entry);
    } else if (place.length === 1) this.one.set(place[0], entry);
    else if (place.length === 2) {
      this.#two ??= new Map();
      const inner = this.#two.get(place[0]);
      if (inner === undefined) this.#two.set(place[0], new Map([[place[1], entry]]));
      else inner.set(place[1], entry);
    } else this.#none = entry;
  }

  /** Forgets the place if it is still this entry's. */
  remove(place: Place, entry: E): void {
    if (this.get(place) !== entry) return;
    if (typeof place === 'string') this.#texts?.delete(place);
    else if (place.length === 1) this.one.delete(place[0]);
    else if (place.length === 2) {
      const inner = this.#two?.get(place[0]);
      inner?.delete(place[1]);
      if (inner?.size === 0) this.#two?.delete(place[0]);
    } else this.#none = undefined;
  }

  /** All entries, in no order. */
  entries(): E[] {
    const found = [...this.one.values(), ...(this.#texts?.values() ?? [])];
    for (const inner of this.#two?.values() ?? []) for (const entry of inner.values()) found.push(entry);
    if (this.#none !== undefined) found.push(this.#none);
    return found;
  }
}

/**
 * The arguments as a place of the index, without a trailing `undefined`; `undefined` when only the canonical form will do.
 */
export function rawPlace(args: ArrayLike<unknown>): readonly unknown[] | undefined {
  let length = args.length;
  while (length > 0 && args[length - 1] === undefined) length--;
  if (length === 0) return NO_ARGUMENTS;
  if (length > 2 || !isPlain(args[0]) || (length === 2 && !isPlain(args[1]))) return undefined;
  return length === 1 ? [args[0]] : [args[0], args[1]];
}

const NO_ARGUMENTS: readonly unknown[] = Object.freeze([]);

function isPlain(value: unknown): boolean {
  const type = typeof value;
  return (
    type === 'string' ||
    (type === 'number' && value !== 0) ||
    type === 'boolean' ||
    type === 'bigint' ||
    value == null
  );
}
