import { describe, expect, test } from '@jest/globals';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { type Call, generateTraffic } from '../src/traffic.js';
import { zipf } from '../src/zipf.js';

const SIZE = { products: 500, categories: 8, brands: 10, reviews: 100 };
const SEED = 7;

describe(`traffic, seed ${SEED}`, () => {
  test('is the same for the same seed and another for another', () => {
    expect(generateTraffic(SEED, 300, SIZE)).toEqual(generateTraffic(SEED, 300, SIZE));
    expect(generateTraffic(SEED + 1, 300, SIZE)).not.toEqual(generateTraffic(SEED, 300, SIZE));
  });

  test('asks for all four things, within the catalogue', () => {
    const { calls } = generateTraffic(SEED, 3_000, SIZE);
    expect(new Set(calls.map((call) => call.method))).toEqual(
      new Set(['product', 'related', 'search', 'priceHistogram']),
    );
    expect(calls.every((call) => inCatalogue(call))).toBe(true);
  });

  test('samples every product that is sold, and the most popular product is sold', () => {
    const { calls, sales, samples } = generateTraffic(SEED, 3_000, SIZE);
    for (const id of sales) expect(samples).toContainEqual({ method: 'product', id });
    expect(sales).toContain(
      mostFrequent(calls.flatMap((call) => (call.method === 'product' ? [call.id] : []))),
    );
  });
});

function inCatalogue(call: Call): boolean {
  if ('id' in call) return call.id >= 1 && call.id <= SIZE.products;
  const category = call.method === 'search' ? call.search.category : call.category;
  return category >= 1 && category <= SIZE.categories;
}

function mostFrequent(ids: readonly number[]): number | undefined {
  const counts = new Map<number, number>();
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}

describe(`zipf, seed ${SEED}`, () => {
  test.each([0.8, 1, 1.5])('draws ranks in proportion to 1 / rank^%d', (exponent) => {
    const draws = 200_000;
    const ranks = 20;
    const draw = zipf(ranks, exponent, xoroshiro128plus(SEED));
    const drawn = new Float64Array(ranks + 1);
    for (let at = 0; at < draws; at++) {
      const rank = draw();
      drawn[rank] = (drawn[rank] as number) + 1;
    }
    const total = Array.from({ length: ranks }, (_, at) => (at + 1) ** -exponent).reduce(
      (sum, each) => sum + each,
    );
    expect(drawn[0]).toBe(0);
    for (let rank = 1; rank <= ranks; rank++) {
      const expected = (draws * rank ** -exponent) / total;
      // Five standard deviations of a binomial: with a fixed seed, a wrong shape fails and chance does not.
      expect(Math.abs((drawn[rank] as number) - expected)).toBeLessThan(5 * Math.sqrt(expected));
    }
  });
});
