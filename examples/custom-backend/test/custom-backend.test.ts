import { expect, jest, test } from '@jest/globals';
import { createCache } from 'recollect';
import { HotKeysCache } from '../src/hot-keys-cache.js';

test('the program finds the backend by name and by module', async () => {
  const log = jest.spyOn(console, 'log').mockImplementation(() => {});
  await import('../src/main.js');
  const hot = (counts: readonly number[]) =>
    counts.map((hits) => [expect.stringContaining('Dictionary.translate'), hits]);
  expect(log.mock.calls).toEqual([
    ['by name:', hot([2, 1])],
    ['by module:', hot([2])],
    ['12 calls, 6 lookups'],
  ]);
  log.mockRestore();
});

test('its options are those of SimpleCache and its own, and what was evicted is no longer hot', async () => {
  const cache = createCache({ local: { kind: HotKeysCache, threshold: 2, hotFrom: 1 } });
  for (const key of ['a', 'b', 'c']) {
    await cache.set(key, 1);
    await cache.get(key);
    await cache.get(key);
  }
  const backend = cache.localTier as HotKeysCache;
  expect(backend.size).toBe(2);
  expect(backend.hotKeys().map(([, hits]) => hits)).toEqual([2, 2]);
  await cache.close();
});
