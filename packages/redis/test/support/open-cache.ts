import { afterEach } from '@jest/globals';
import { RedisCache, type RedisCacheOptions } from '@recollect/redis';
import { FakeClock } from '@recollect/testing';
import { type Script, ScriptedRedis } from './scripted-redis.js';
import { testContext } from './test-context.js';

const endings: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** To be done when the test is over, the last one first. */
export function atEnd(end: () => Promise<unknown>): void {
  endings.push(end);
}

/** A cache whose back-off lasts until the test says that time has passed. */
export function openCache(options: RedisCacheOptions) {
  const clock = new FakeClock();
  const context = testContext(clock);
  const cache = new RedisCache(options, context);
  atEnd(async () => {
    const closing = cache.close();
    clock.advance(1_000);
    await closing;
  });
  return { cache, clock, reported: context.reported };
}

/** A server that says what the test wants, and a cache on it. */
export async function openScripted(script: Script, welcome?: string) {
  const server = await ScriptedRedis.open(script, welcome);
  atEnd(() => server.close());
  return { server, ...openCache({ url: server.url }) };
}
