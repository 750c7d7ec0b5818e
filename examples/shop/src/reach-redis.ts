import { redis } from '@recollect/redis';
import { type Cache, createCache } from 'recollect';

/**
 * A cache in that Redis, under the namespace, for clearing up at the end.
 *
 * @throws Error when the Redis does not answer: better now than after all the rows before it.
 */
export async function reachRedis(url: string, namespace: string): Promise<Cache> {
  const cache = createCache({
    namespace,
    local: { kind: 'NullCache' },
    shared: { kind: 'RedisCache', url },
    use: [redis()],
  });
  try {
    await cache.has('anything');
    return cache;
  } catch (error) {
    await cache.close();
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`RECOLLECT_REDIS_URL is set, but there is no Redis that answers: ${reason}`);
  }
}
