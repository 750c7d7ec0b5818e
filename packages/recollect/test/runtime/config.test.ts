import { afterEach, describe, expect, test } from '@jest/globals';
import { MemorySharedBackend } from '@recollect/testing';
import {
  type BackendContext,
  type CacheConfig,
  type CachedOptions,
  ConfigurationError,
  cached,
  cacheOf,
  configFromEnv,
  configureCache,
  createCache,
  currentCache,
  defineCacheConfig,
  loadKinds,
  SimpleCache,
  TTL,
} from 'recollect';

class Reader {
  loads = 0;

  @cached({ hours: 1, scope: 'class' })
  async read(id: string): Promise<string> {
    this.loads += 1;
    return id;
  }
}

afterEach(() => {
  configureCache({});
});

describe('configureCache', () => {
  test('is not needed: the embedded default answers', async () => {
    const reader = new Reader();
    await reader.read('a');
    await reader.read('a');
    expect(reader.loads).toBe(1);
    expect(currentCache().info()).toBe("recollect 'recollect': local SimpleCache (1 entries), shared none");
  });

  test('rebinds methods that have run already, and back', async () => {
    const reader = new Reader();
    await reader.read('a');
    const off = configureCache({ local: { kind: 'NullCache' } });
    await reader.read('a');
    await reader.read('a');
    expect(reader.loads).toBe(3);
    expect(off.stats().sites['Reader.read']).toMatchObject({ loads: 2, localHits: 0 });
    configureCache({ namespace: 'again', local: { kind: 'SimpleCacheNoSerializer' } });
    await reader.read('a');
    await reader.read('a');
    expect(reader.loads).toBe(4);
    expect(cacheOf(reader).read.key('a')).toBe('again:Reader.read:::"a"');
  });

  test('leaves everything in place when the config is refused', async () => {
    const reader = new Reader();
    await reader.read('a');
    expect(() => configureCache({ local: { kind: 'Nonsense' as 'NullCache' } })).toThrow(ConfigurationError);
    await reader.read('a');
    expect(reader.loads).toBe(1);
  });

  test('ends the runtime before it', async () => {
    const backend = new MemorySharedBackend();
    configureCache({ shared: { kind: backend } });
    configureCache({});
    await new Promise((resolve) => setImmediate(resolve));
    await expect(backend.read(['k'])).rejects.toThrow('closed');
  });
});

describe('a config that cannot be meant', () => {
  const refused: [string, unknown, RegExp][] = [
    ['no object', 7, /config is 7/],
    ['an unknown option', { nmespace: 'x' }, /'nmespace' is unknown; accepted: namespace, local/],
    ['an empty namespace', { namespace: '' }, /namespace is ''; accepted: a text/],
    [
      'an unknown kind',
      { local: { kind: 'LruCache' } },
      /local\.kind is 'LruCache'; accepted: SimpleCache, .*NullCache/,
    ],
    [
      'an unknown shared kind',
      { shared: { kind: 'RedisCache' } },
      /shared\.kind is 'RedisCache'.*use: \[plugin\(\)\]/,
    ],
    ['a module that is not loaded', { shared: { kind: './mine.js#Mine' } }, /loadKinds/],
    [
      'a threshold of 0',
      { local: { kind: 'SimpleCache', threshold: 0 } },
      /threshold is 0; it accepts a positive/,
    ],
    ['bytes without a size', { local: { kind: 'SimpleCacheNoSerializer', maxBytes: 1 } }, /sizeOf/],
    ['a negative life', { local: { kind: 'SimpleCache', defaultTtl: -1 } }, /local\.defaultTtl is -1/],
    ['a kind that is no backend', { shared: { kind: class {} } }, /methods of SharedBackend/],
  ];

  test.each(refused)('%s', (_what, config, message) => {
    expect(() => createCache(config as CacheConfig)).toThrow(message);
    expect(() => createCache(config as CacheConfig)).toThrow(ConfigurationError);
  });
});

describe('options that cannot be meant', () => {
  const refused: [string, object, RegExp][] = [
    ['an unknown one', { hour: 1 }, /'hour' is unknown; accepted: one of weeks/],
    [
      'an unknown mode of atomic writes',
      { atomicWrites: 'once' },
      /atomicWrites is 'once'; accepted: 'at_least_once' or/,
    ],
    [
      'atomic writes in one process',
      { atomicWrites: 'at_most_once', localOnly: true },
      /atomicWrites is .* without localOnly/,
    ],
    [
      'a lease in one process',
      { lease: true, localOnly: true },
      /lease is true; accepted: it only without localOnly/,
    ],
    [
      'a lease twice',
      { lease: true, atomicWrites: 'at_least_once' },
      /lease is true; accepted: it only without atomicWrites/,
    ],
    ['a lease of some length', { lease: 5 }, /lease is 5; accepted: true or false/],
    ['afterError without a mode', { afterError: 'hold' }, /afterError is 'hold'; accepted: it only with/],
    [
      'an unknown afterError',
      { atomicWrites: 'at_most_once', afterError: 'no' },
      /afterError is 'no'; accepted: 'retry' or/,
    ],
    ['a negative life', { hours: -1 }, /hours is -1/],
    ['NaN', { ttl: Number.NaN }, /ttl is NaN/],
    ['more than ten years', { weeks: 530 }, /ttl is/],
    ['less than a millisecond', { ttl: 0.2 }, /ttl is 0\.2/],
    ['a text that is no duration', { ttl: '1 fortnight' }, /'1 fortnight'/],
    ['ttl and unit words', { ttl: 1, hours: 1 }, /not both/],
    ['both tiers and none', { localOnly: true, sharedOnly: true }, /sharedOnly/],
    ['references in a shared tier', { noSerialization: true }, /noSerialization.*localOnly/],
    ['instances in a shared tier', { scope: 'instance' }, /scope is 'instance'.*localOnly/],
    ['an unknown scope', { scope: 'tenant' }, /scope is 'tenant'/],
    ['a position below 0', { key: [-1] }, /key is \[-1\]/],
    ['an empty name', { name: '' }, /name is/],
    ['an unknown local option', { local: { tll: 1 } }, /local\.tll/],
    [
      'a serializer of references',
      { localOnly: true, noSerialization: true, serializer: 'json' },
      /serializer/,
    ],
  ];

  test.each(refused)('%s', (_what, options, message) => {
    expect(() => cached(options as CachedOptions)).toThrow(message);
    expect(() => cached(options as CachedOptions)).toThrow(ConfigurationError);
  });

  test('durations come in every spelling', async () => {
    const cache = createCache();
    const spellings: CachedOptions[] = [
      { ttl: 5_400_000 },
      { ttl: '1h30m' },
      { ttl: '1.5 h' },
      { hours: 1, minutes: 30 },
      { ttl: { minutes: 90 } },
      { ttl: () => ({ minutes: 90 }) },
      { ...TTL.ONE_HOUR, minutes: 30 },
    ];
    for (const [at, options] of spellings.entries()) {
      const fn = cache.cachedFunction(async () => at, { ...options, name: `spelling.${at}` });
      await fn();
      expect(await fn.ttl()).toBeGreaterThan(5_399_000);
      expect(await fn.ttl()).toBeLessThanOrEqual(5_400_000);
    }
  });
});

describe('what a site stores', () => {
  test('nothing for a life of 0, nothing `unless` refuses, and nulls for a life of their own', async () => {
    const cache = createCache({ shared: { kind: MemorySharedBackend } });
    let loads = 0;
    const load = async (id: string): Promise<string | null> => {
      loads += 1;
      return id === 'none' ? null : id;
    };
    const never = cache.cachedFunction(load, { name: 'never', ttl: 0 });
    const picky = cache.cachedFunction(load, {
      name: 'picky',
      hours: 1,
      unless: (result) => result === 'bad',
    });
    const brief = cache.cachedFunction(load, { name: 'brief', hours: 1, nullTtl: { seconds: 5 } });
    await never('a');
    await never('a');
    await picky('bad');
    await picky('bad');
    expect(loads).toBe(4);
    await picky('good');
    await picky('good');
    expect(loads).toBe(5);
    await brief('none');
    expect(await brief('none')).toBeNull();
    expect(loads).toBe(6);
    await cache.settled();
    expect(await brief.ttl('none')).toBeLessThanOrEqual(5_000);
  });

  test('for less time locally when asked', async () => {
    const cache = createCache();
    const fn = cache.cachedFunction(async () => 1, {
      name: 'short',
      hours: 1,
      local: { ttl: { seconds: 3 } },
    });
    await fn();
    expect(await fn.ttl()).toBeLessThanOrEqual(3_000);
  });

  test('by the arguments that matter', async () => {
    const cache = createCache();
    let loads = 0;
    const load = async (id: string, _trace: () => void): Promise<string> => `${id}${++loads}`;
    const byPosition = cache.cachedFunction(load, { name: 'by.position', minutes: 1, key: [0] });
    const byParts = cache.cachedFunction(load, {
      name: 'by.parts',
      minutes: 1,
      key: (id) => [id.toLowerCase()],
    });
    expect([await byPosition('a', () => {}), await byPosition('a', () => {})]).toEqual(['a1', 'a1']);
    expect([await byParts('A', () => {}), await byParts('a', () => {})]).toEqual(['A2', 'A2']);
    const all = cache.cachedFunction(load, { name: 'by.all', minutes: 1 });
    await expect(all('a', () => {})).rejects.toThrow(/by\.all.*argument 1/);
  });
});

describe('configFromEnv', () => {
  test('reads both tiers', () => {
    const config = configFromEnv({
      CACHE_TYPE: 'RedisCacheNoExceptions',
      CACHE_REDIS_HOST: 'cache.internal',
      CACHE_REDIS_PORT: '6380',
      CACHE_REDIS_DB: '2',
      CACHE_REDIS_PASSWORD: 'hush',
      CACHE_REDIS_CONNECT_TIMEOUT: '1.5',
      CACHE_DEFAULT_TIMEOUT: '300',
      CACHE_KEY_PREFIX: 'shop_',
      LOCALCACHE_TYPE: 'SimpleCacheNoSerializer',
      LOCALCACHE_THRESHOLD: '1000',
    });
    expect(config).toEqual({
      namespace: 'shop',
      local: { kind: 'SimpleCacheNoSerializer', threshold: 1_000, defaultTtl: { seconds: 300 } },
      shared: {
        kind: 'RedisCacheNoExceptions',
        host: 'cache.internal',
        port: 6_380,
        db: 2,
        password: 'hush',
        connectTimeoutMs: 1_500,
        defaultTtl: { seconds: 300 },
      },
    });
  });

  test('knows the short names, URLs and the way to switch off', () => {
    expect(configFromEnv({})).toEqual({});
    expect(configFromEnv({ CACHE_TYPE: 'NullCache' })).toEqual({ local: { kind: 'NullCache' } });
    expect(configFromEnv({ CACHE_L2_BACKEND: 'valkey', CACHE_REDIS_HOST: 'rediss://u:p@h:1/0' })).toEqual({
      shared: { kind: 'RedisCacheNoExceptions', url: 'rediss://u:p@h:1/0' },
    });
    expect(configFromEnv({ CACHE_TYPE: 'FileSystemCache', CACHE_DIR: '/var/cache/shop' })).toEqual({
      shared: { kind: 'FileSystemCache', directory: '/var/cache/shop' },
    });
  });

  test('reads deadlines and breakers', () => {
    const redis = { CACHE_TYPE: 'RedisCache', CACHE_REDIS_SOCKET_TIMEOUT: '0.25' };
    const tuned = { CACHE_CIRCUIT_BREAKER_THRESHOLD: '3', CACHE_CIRCUIT_BREAKER_TIMEOUT: '2' };
    expect(configFromEnv({ ...redis, ...tuned, CACHE_CIRCUIT_BREAKER_ENABLED: 'true' })).toEqual({
      shared: { kind: 'RedisCache', deadlineMs: 250, breaker: { failures: 3, openMs: 2_000 } },
    });
    expect(configFromEnv({ ...redis, ...tuned, CACHE_CIRCUIT_BREAKER_ENABLED: 'false' })).toEqual({
      shared: { kind: 'RedisCache', deadlineMs: 250, breaker: false },
    });
    expect(() => configFromEnv({ ...redis, CACHE_CIRCUIT_BREAKER_ENABLED: 'maybe' })).toThrow(
      /CACHE_CIRCUIT_BREAKER_ENABLED is 'maybe'; accepted: true or false/,
    );
  });

  test('refuses what it cannot read, naming the variable', () => {
    expect(() => configFromEnv({ CACHE_THRESHOLD: 'many' })).toThrow(/CACHE_THRESHOLD is 'many'/);
    expect(() => configFromEnv({ CACHE_TYPE: 'redis://host' })).toThrow(/CACHE_TYPE is 'redis:\/\/host'/);
    expect(() => configFromEnv({ CACHE_THRESHOLD: '1.5' })).toThrow(/whole number/);
  });
});

describe('kinds', () => {
  test('may be a class of the application', async () => {
    const reads: string[] = [];
    class Logged extends SimpleCache {
      override readonly kind = 'Logged';

      override get(key: string): ReturnType<SimpleCache['get']> {
        reads.push(key);
        return super.get(key);
      }
    }
    const cache = createCache({ local: { kind: Logged, threshold: 10 } });
    const fn = cache.cachedFunction((id: number) => id, { localOnly: true, minutes: 1, name: 'logged' });
    fn(1);
    fn(1);
    expect(reads).toEqual(['recollect:logged:::1', 'recollect:logged:::1']);
    expect(cache.info()).toContain('local Logged');
  });

  test('may be module#Export, loaded by an importer of the application', async () => {
    const config = { local: { kind: './mine.js#Mine', threshold: 3 } } as const;
    class Mine extends SimpleCache {}
    const loaded = await loadKinds(config, async (specifier) => {
      expect(specifier).toBe('./mine.js');
      return { Mine };
    });
    expect(createCache(loaded).localTier).toBeInstanceOf(Mine);
    await expect(loadKinds(config, async () => ({}))).rejects.toThrow(/exports no class 'Mine'/);
    await expect(loadKinds(config, () => Promise.reject(new Error('gone')))).rejects.toThrow(
      /cannot be loaded/,
    );
  });

  test('may be added under a name, once', () => {
    class Mine extends SimpleCache {
      constructor(options: object, context: BackendContext) {
        super(options, context);
      }
    }
    const plugin = { name: 'mine', local: { Mine } };
    const config = { local: { kind: 'Mine' }, use: [plugin, plugin] } as unknown as CacheConfig;
    expect(createCache(config).localTier).toBeInstanceOf(Mine);
    const thief = { name: 'thief', local: { SimpleCache: Mine } };
    expect(() => createCache({ use: [thief] })).toThrow(/'thief'.*'SimpleCache', which is taken/);
  });
});

test('defineCacheConfig keeps one config per environment', () => {
  const configs = defineCacheConfig({
    production: { namespace: 'shop' },
    test: { local: { kind: 'NullCache' } },
  });
  expect(createCache(configs.test).localTier).toBeUndefined();
});

test('.config can be shown: frozen, and without secrets', () => {
  const cache = createCache({
    namespace: 'shop',
    shared: { kind: MemorySharedBackend, password: 'hush', url: 'redis://user:hush@host:6379/0' },
  });
  expect(JSON.stringify(cache.config)).not.toContain('hush');
  expect(cache.config).toMatchObject({
    namespace: 'shop',
    shared: {
      kind: 'MemorySharedBackend',
      password: '[redacted]',
      url: 'redis://user:[redacted]@host:6379/0',
    },
  });
  expect(Object.isFrozen(cache.config)).toBe(true);
});
