import { closeSharedRedis } from './redis/shared-redis.js';

/** For jest's `globalTeardown`: ends the Redis that the setup started. */
export default closeSharedRedis;
