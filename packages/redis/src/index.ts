export type { RedisClientTemplate } from './access.js';
export type { RedisCacheOptions } from './options.js';
export { redis } from './plugin.js';
export { RedisCache } from './redis-cache.js';
export { RedisCacheNoExceptions } from './redis-cache-no-exceptions.js';
