import { type FoundRedis, findRedis } from '@recollect/testing/redis';

/** A server of our own, for what must not be done to somebody else's; `undefined` where we were only named one. */
export async function startOwnRedis(): Promise<FoundRedis | undefined> {
  const { TEST_REDIS_URL: named } = process.env;
  delete process.env.TEST_REDIS_URL;
  try {
    return await findRedis();
  } catch (error) {
    if (named === undefined) throw error;
    return undefined;
  } finally {
    if (named !== undefined) process.env.TEST_REDIS_URL = named;
  }
}
