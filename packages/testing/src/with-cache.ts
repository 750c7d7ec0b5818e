import { type Cache, type CacheConfig, configureCache, createCache } from 'recollect';

/**
 * Runs the body with a cache of its own, which nothing outside it sees, and closes it whatever becomes of the body. The
 * decorators of that cache are its members: `cache.cached`, `cache.cachedFunction`.
 *
 * @returns what the body returns; what it throws is thrown.
 * @throws ConfigurationError for a config that cannot be meant; the body has not run then.
 */
export async function withCache<T>(config: CacheConfig, body: (cache: Cache) => T | Promise<T>): Promise<T> {
  const cache = createCache(config);
  try {
    return await body(cache);
  } finally {
    await cache.close();
  }
}

/**
 * Runs the body with the process-wide cache configured like this, so that the methods decorated by `cached` itself use
 * it. Afterwards that cache is closed and the process-wide one is configured by `restore`; what the one before it held in
 * its local tier is gone. Two bodies must not overlap in time: there is one process-wide cache.
 *
 * @param restore Default: the embedded default, as in a process that has configured nothing.
 * @returns what the body returns; what it throws is thrown.
 * @throws ConfigurationError for a config that cannot be meant; nothing has changed then and the body has not run.
 */
export async function withDefaultCache<T>(
  config: CacheConfig,
  body: (cache: Cache) => T | Promise<T>,
  restore: CacheConfig = {},
): Promise<T> {
  const cache = configureCache(config);
  try {
    return await body(cache);
  } finally {
    await cache.close();
    configureCache(restore);
  }
}
