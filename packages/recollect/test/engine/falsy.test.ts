import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { fileSystem } from '@recollect/file-system';
import { redis } from '@recollect/redis';
import { MemorySharedBackend } from '@recollect/testing';
import { testRedisUrl, uniquePrefix } from '@recollect/testing/redis';
import { type CacheConfig, createCache } from 'recollect';

const values: [string, unknown][] = [
  ['undefined', undefined],
  ['null', null],
  ['0', 0],
  ['-0', -0],
  ['NaN', Number.NaN],
  ['the empty string', ''],
  ['false', false],
  ['an empty array', []],
  ['an empty object', {}],
];

const directory = mkdtempSync(join(tmpdir(), 'recollect-falsy-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Without a local tier, so that the second answer comes from where the first was stored. */
const sharedAlone = (shared: CacheConfig['shared'] & object): CacheConfig => ({
  namespace: uniquePrefix(),
  local: { kind: 'NullCache' },
  shared,
  use: [redis(), fileSystem()],
});

const configs: Record<string, () => CacheConfig> = {
  RedisCache: () => sharedAlone({ kind: 'RedisCache', url: testRedisUrl() }),
  RedisCacheNoExceptions: () => sharedAlone({ kind: 'RedisCacheNoExceptions', url: testRedisUrl() }),
  FileSystemCache: () => sharedAlone({ kind: 'FileSystemCache', directory }),
  SimpleCache: () => ({}),
  SimpleCacheNoSerializer: () => ({ local: { kind: 'SimpleCacheNoSerializer' } }),
  'a shared tier alone': () => ({ local: { kind: 'NullCache' }, shared: { kind: MemorySharedBackend } }),
  'both tiers': () => ({ shared: { kind: MemorySharedBackend } }),
};

describe.each(Object.keys(configs))('%s', (name) => {
  test.each(values)('holds %s, loaded once', async (_what, value) => {
    const cache = createCache((configs[name] as () => CacheConfig)());
    let loads = 0;
    const load = cache.cachedFunction(
      async (_key: string) => {
        loads += 1;
        return value;
      },
      { name: 'falsy.load', hours: 1 },
    );
    const results = [await load('k'), await load('k')];
    await cache.settled();
    results.push(await load('k'));
    expect(loads).toBe(1);
    for (const result of results) {
      if (typeof value === 'object' && value !== null) expect(result).toStrictEqual(value);
      else expect(Object.is(result, value)).toBe(true);
    }
    await cache.set('k', value);
    expect(await cache.getEntry('k')).toStrictEqual({ value });
    await cache.close();
  });
});
