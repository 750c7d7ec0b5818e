import type { BackendPlugin } from 'recollect';
import type { RedisCacheOptions } from './options.js';
import { RedisCache } from './redis-cache.js';
import { RedisCacheAtomic } from './redis-cache-atomic.js';
import { RedisCacheNoExceptions } from './redis-cache-no-exceptions.js';

declare module 'recollect' {
  interface SharedBackendKinds {
    RedisCache: RedisCacheOptions;
    RedisCacheNoExceptions: RedisCacheOptions;
    RedisCacheAtomic: RedisCacheOptions;
  }
}

/** Makes the three classes known by their names: `configureCache({ use: [redis()], … })`. */
export function redis(): BackendPlugin {
  const shared = Object.freeze({ RedisCache, RedisCacheNoExceptions, RedisCacheAtomic });
  return Object.freeze({ name: 'redis', shared });
}
