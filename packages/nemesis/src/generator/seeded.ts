import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** A stream of numbers that a seed and a label decide. */
export interface Seeded {
  /** From 0 on, less than 1. */
  fraction(): number;
  /** A whole number, both ends included. */
  whole(from: number, to: number): number;
  /** A time until the next of events that come `mean` apart on average, independent of each other. */
  wait(mean: number): number;
  pick<T>(items: readonly T[]): T;
  /** One of the names, each with a probability in proportion to its weight. */
  weighted<Name extends string>(weights: Readonly<Record<Name, number>>): Name;
}

/** The same seed and label give the same stream; streams of other labels have nothing to do with it. */
export function seeded(seed: number, label: string): Seeded {
  const random = xoroshiro128plus(hash(`${seed}/${label}`));
  const fraction = (): number => uniformFloat64(random);
  const whole = (from: number, to: number): number => uniformInt(random, from, to);
  return {
    fraction,
    whole,
    wait: (mean) => -mean * Math.log(1 - fraction()),
    pick: <T>(items: readonly T[]) => items[whole(0, items.length - 1)] as T,
    weighted: <Name extends string>(weights: Readonly<Record<Name, number>>) => {
      const entries = Object.entries<number>(weights);
      let left = fraction() * entries.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [name, weight] of entries) {
        left -= weight;
        if (left < 0) return name as Name;
      }
      return entries.at(-1)?.[0] as Name;
    },
  };
}

/** FNV-1a (Fowler, Noll, Vo), 32 bits. */
function hash(text: string): number {
  let state = 0x811c9dc5;
  for (const letter of text) {
    state ^= letter.codePointAt(0) as number;
    state = Math.imul(state, 0x01000193);
  }
  return state | 0;
}
