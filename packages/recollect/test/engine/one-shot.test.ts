import { Readable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { ConfigurationError, createCache } from 'recollect';

const oneShot: [string, () => unknown][] = [
  ['a generator', () => [1][Symbol.iterator]()],
  ['an async iterable', () => ({ [Symbol.asyncIterator]: () => ({}) })],
  ['a web stream', () => new ReadableStream()],
  ['a node stream', () => Readable.from([1])],
];

describe.each(oneShot)('%s as a result', (_what, make) => {
  test('is refused, whether promised or not, and nothing is left in flight', async () => {
    const cache = createCache();
    const sync = cache.cachedFunction(make, { localOnly: true, minutes: 1 });
    const promised = cache.cachedFunction(async () => make() as object, { name: 'promised', minutes: 1 });
    expect(() => sync()).toThrow(ConfigurationError);
    await expect(promised()).rejects.toThrow(/first reader uses up/);
    expect(cache.stats().loading).toBe(0);
  });
});

test('a thenable of another make is awaited', async () => {
  const cache = createCache();
  let loads = 0;
  const query = cache.cachedFunction(
    (id: number) => {
      loads += 1;
      const then = { value: (done: (value: number) => void) => done(id) };
      return Object.defineProperty({}, 'then', then) as unknown as Promise<number>;
    },
    { name: 'query', minutes: 1 },
  );
  expect([await query(7), await query(7)]).toEqual([7, 7]);
  expect(loads).toBe(1);
});
