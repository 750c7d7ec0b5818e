export { type FoundRedis, findRedis } from './redis/find-redis.js';
export type { RedisSource, RunningRedis } from './redis/redis-source.js';
export { testRedisUrl } from './redis/test-redis-url.js';
export { uniquePrefix } from './redis/unique-prefix.js';
