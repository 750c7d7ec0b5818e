/** A sequence of accesses. */
export interface Trace {
  readonly name: string;
  /** What was accessed, in order, as numbers from 0 to below `keys`. */
  readonly accesses: Uint32Array;
  /** How many different things were accessed. */
  readonly keys: number;
  /** Sizes of the cache to try, in entries. */
  readonly sizes: readonly number[];
}

/** A trace of any numbers: they are numbered anew in the order in which they come. */
export function traceOf(
  name: string,
  raw: Iterable<number>,
  sizesFor: (keys: number) => readonly number[],
): Trace {
  const numbers = new Map<number, number>();
  const accesses = Uint32Array.from(raw, (key) => {
    let number = numbers.get(key);
    if (number === undefined) {
      number = numbers.size;
      numbers.set(key, number);
    }
    return number;
  });
  return { name, accesses, keys: numbers.size, sizes: sizesFor(numbers.size) };
}
