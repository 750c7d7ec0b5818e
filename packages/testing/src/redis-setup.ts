import { openSharedRedis } from './redis/shared-redis.js';

/** For jest's `globalSetup`: finds a Redis once per run; tests take its address from `testRedisUrl()`. */
export default openSharedRedis;
