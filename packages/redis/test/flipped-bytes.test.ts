import { afterAll, expect, jest, test } from '@jest/globals';
import { type RedisCacheNoExceptions, redis } from '@recollect/redis';
import { startProxy } from '@recollect/testing/proxy';
import { testRedisUrl, uniquePrefix } from '@recollect/testing/redis';
import { createCache } from 'recollect';
import { eventually } from './support/operations.js';

jest.setTimeout(60_000);
const REPLIES = 2_000;
const KEYS = 40;

const url = new URL(testRedisUrl());
const proxy = await startProxy({ host: url.hostname, port: Number(url.port || 6_379) });
afterAll(() => proxy.close());

/** A linear congruential generator with the constants of Numerical Recipes; 0 to 1. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

test(`a flipped byte in each of ${REPLIES} replies: not one wrong value`, async () => {
  const seed = Date.now() >>> 0;
  const random = seeded(seed);
  let undecoded = 0;
  const cache = createCache({
    namespace: uniquePrefix('flips'),
    shared: { kind: 'RedisCacheNoExceptions', url: proxy.url, deadlineMs: 40, breaker: false },
    use: [redis()],
    observer: {
      failure: ({ operation }) => {
        if (operation === 'decode') undecoded += 1;
      },
    },
  });
  const original = (id: number) => ({ id, text: `value ${id} `.repeat(20) });
  const fn = cache.cachedFunction(async (id: number) => original(id), {
    name: 'fn',
    sharedOnly: true,
    hours: 1,
  });
  const tier = cache.sharedTier as RedisCacheNoExceptions;
  // With so short a deadline a process that is still warming up misses some.
  const size = await eventually(async () => {
    for (let id = 0; id < KEYS; id += 1) await fn(id);
    await cache.settled();
    const [record] = await tier.read([fn.key(0) as string]);
    if (record === undefined) throw new Error('not stored yet');
    return record.data.byteLength;
  });
  const length = size + ':3600000\r\n$300\r\n\r\n'.length;
  expect(length).toBeGreaterThan(200);

  let wrong = 0;
  for (let reply = 0; reply < REPLIES; reply += 1) {
    // The flip is for a reply, not for the greeting of a new connection.
    while (tier.health().reasons.includes('no connection'))
      await new Promise((resolve) => setTimeout(resolve, 1));
    proxy.heal();
    proxy.flip(Math.floor(random() * length));
    const id = reply % KEYS;
    const value = await fn(id);
    if (JSON.stringify(value) !== JSON.stringify(original(id))) wrong += 1;
  }
  const { loads, sharedHits } = cache.stats().sites.fn ?? {};
  process.stderr.write(
    `flipped bytes: seed ${seed}, ${sharedHits} hits, ${loads} loads, ${undecoded} undecoded, ${wrong} wrong\n`,
  );
  expect({ seed, wrong }).toEqual({ seed, wrong: 0 });
  expect(undecoded).toBeGreaterThan(REPLIES / 2);
  await cache.close();
});
