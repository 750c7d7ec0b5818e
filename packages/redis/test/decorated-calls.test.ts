import { afterEach, describe, expect, test } from '@jest/globals';
import { redis } from '@recollect/redis';
import { testRedisUrl, uniquePrefix } from '@recollect/testing/redis';
import { type Cache, createCache, type Failure, type SharedConfig } from 'recollect';

const open: Cache[] = [];

/** A runtime as one process has it; several of one namespace are as several processes. */
function processOn(namespace: string, shared: SharedConfig, failures: Failure[] = []): Cache {
  const cache = createCache({
    namespace,
    shared,
    use: [redis()],
    observer: { failure: (failure) => void failures.push(failure) },
  });
  open.push(cache);
  return cache;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((cache) => cache.close()));
});

const onRedis = (): SharedConfig => ({ kind: 'RedisCacheNoExceptions', url: testRedisUrl() });
/** A port where nothing listens. */
const nowhere = (kind: 'RedisCache' | 'RedisCacheNoExceptions'): SharedConfig => ({
  kind,
  host: '127.0.0.1',
  port: 1,
});

describe('two processes on one Redis', () => {
  test('share what either has loaded, with its types', async () => {
    const namespace = uniquePrefix();
    let loads = 0;
    const make = (cache: Cache) =>
      cache.cachedFunction(
        async (id: string) => {
          loads += 1;
          return { id, since: new Date(0), tags: new Set(['a']), big: 10n, none: undefined };
        },
        { name: 'users.find', minutes: 1 },
      );
    const [one, two] = [processOn(namespace, onRedis()), processOn(namespace, onRedis())];
    const first = await make(one)('u1');
    await one.settled();
    const second = await make(two)('u1');
    expect(loads).toBe(1);
    expect(second).toStrictEqual(first);
    expect(two.stats().sites['users.find']).toMatchObject({ sharedHits: 1, loads: 0 });
  });

  test('load again after the site was declared wrong in one of them', async () => {
    const namespace = uniquePrefix();
    let loads = 0;
    const make = (cache: Cache) =>
      cache.cachedFunction(async (id: string) => `${id}${++loads}`, {
        name: 'users.find',
        sharedOnly: true,
        minutes: 1,
      });
    const [one, two] = [processOn(namespace, onRedis()), processOn(namespace, onRedis())];
    const [here, there] = [make(one), make(two)];
    await here('u');
    await one.settled();
    expect(await there('u')).toBe('u1');
    expect(await there.invalidateAll()).toEqual({ local: 'none', shared: 'done' });
    expect(await here('u')).toBe('u2');
  });

  test('a record damaged in Redis is a miss, and healed', async () => {
    const namespace = uniquePrefix();
    const failures: Failure[] = [];
    const cache = processOn(namespace, onRedis(), failures);
    let loads = 0;
    const fn = cache.cachedFunction(async () => ++loads, { name: 'fn', sharedOnly: true, minutes: 1 });
    await fn();
    await cache.settled();
    const key = fn.key() as string;
    const [record] = (await cache.sharedTier?.read([key])) ?? [];
    const damaged = Uint8Array.from(record?.data ?? []);
    damaged[damaged.length - 6] = (damaged[damaged.length - 6] as number) ^ 1;
    await cache.sharedTier?.write([{ key, data: damaged, ttlMs: 60_000 }]);
    expect(await fn()).toBe(2);
    await cache.settled();
    expect(failures.map(({ operation }) => operation)).toContain('decode');
    expect(await fn()).toBe(2);
  });
});

describe.each(['RedisCache', 'RedisCacheNoExceptions'] as const)('%s that cannot be reached', (kind) => {
  test('never fails a decorated call, and says that an invalidation failed', async () => {
    const failures: Failure[] = [];
    const cache = processOn(uniquePrefix(), nowhere(kind), failures);
    let loads = 0;
    const fn = cache.cachedFunction(async (id: string) => `${id}${++loads}`, { name: 'fn', minutes: 1 });
    expect([await fn('a'), await fn('a')]).toEqual(['a1', 'a1']);
    expect(await fn.invalidate('a')).toEqual({ local: 'done', shared: 'failed' });
    expect(await fn.invalidateAll()).toEqual({ local: 'done', shared: 'failed' });
    expect(failures.length).toBeGreaterThan(0);
  });
});

test('a manual operation hears of the failure from RedisCache, and not from RedisCacheNoExceptions', async () => {
  const loud = processOn(uniquePrefix(), nowhere('RedisCache'));
  await expect(loud.get('k')).rejects.toThrow(/RedisCache failed to read/);
  const quiet = processOn(uniquePrefix(), nowhere('RedisCacheNoExceptions'));
  await quiet.set('k', 1);
  expect(await quiet.get('k')).toBe(1);
  expect(await quiet.get('other')).toBeUndefined();
});
