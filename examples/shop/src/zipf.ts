import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

/**
 * Draws ranks 1 … `count`, rank k with a probability in proportion to 1 / k^exponent (Zipf's law): the usual shape of
 * popularity in shops and on the web, with exponents around 1. The distribution is tabulated once; a draw is a binary
 * search, O(log count).
 */
export function zipf(count: number, exponent: number, random: RandomGenerator): () => number {
  const cumulative = new Float64Array(count);
  let total = 0;
  for (let rank = 1; rank <= count; rank++) {
    total += rank ** -exponent;
    cumulative[rank - 1] = total;
  }
  return () => {
    const drawn = uniformFloat64(random) * total;
    let low = 0;
    let high = count - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((cumulative[middle] as number) <= drawn) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  };
}
