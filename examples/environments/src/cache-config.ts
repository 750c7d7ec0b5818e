import { redis } from '@recollect/redis';
import { type CacheConfig, configFromEnv, defineCacheConfig } from 'recollect';

const configs = defineCacheConfig({
  development: {
    namespace: 'rates',
    local: { kind: 'SimpleCache', threshold: 200, defaultTtl: { seconds: 30 } },
  },
  test: { local: { kind: 'NullCache' } },
  production: {
    namespace: 'rates',
    local: { kind: 'SimpleCache', threshold: 5_000 },
    shared: { kind: 'RedisCacheNoExceptions', host: 'redis.internal' },
  },
});

type Environment = keyof typeof configs;

function isEnvironment(name: string): name is Environment {
  return Object.hasOwn(configs, name);
}

/**
 * The configuration of the environment that `NODE_ENV` names; `development` where it names none. What the variables of
 * the cache say (`CACHE_TYPE`, `CACHE_REDIS_HOST`, …) goes before it, so that operations can change a tier without a release.
 */
export function cacheConfig(env: Readonly<Record<string, string | undefined>>): CacheConfig {
  const name = env.NODE_ENV ?? 'development';
  if (!isEnvironment(name))
    throw new Error(`NODE_ENV is '${name}'; accepted: ${Object.keys(configs).join(', ')}`);
  return { ...configs[name], ...configFromEnv(env), use: [redis()] };
}
