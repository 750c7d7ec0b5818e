export type { RedisClientTemplate } from './access.js';
export type { AtomicOptions } from './atomic/atomic-options.js';
export type { RedisCacheOptions, RedisClusterOptions, RedisNode, RedisSentinelOptions } from './options.js';
export { redis } from './plugin.js';
export { RedisCache } from './redis-cache.js';
export { RedisCacheAtomic } from './redis-cache-atomic.js';
export { RedisCacheNoExceptions } from './redis-cache-no-exceptions.js';
