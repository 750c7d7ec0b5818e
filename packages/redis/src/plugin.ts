import type { BackendPlugin } from 'recollect';
import type { RedisCacheOptions } from './options.js';
import { RedisCache } from './redis-cache.js';
import { RedisCacheNoExceptions } from './redis-cache-no-exceptions.js';

declare module 'recollect' {
  interface SharedBackendKinds {
    RedisCache: RedisCacheOptions;
    RedisCacheNoExceptions: RedisCacheOptions;
  }
}

/** Makes `RedisCache` and `RedisCacheNoExceptions` known by name: `configureCache({ use: [redis()], … })`. */
export function redis(): BackendPlugin {
  return Object.freeze({ name: 'redis', shared: Object.freeze({ RedisCache, RedisCacheNoExceptions }) });
}
