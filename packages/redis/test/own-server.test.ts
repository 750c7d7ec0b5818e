import { afterAll, describe, expect, jest, test } from '@jest/globals';
import { RedisCache } from '@recollect/redis';
import { FakeClock } from '@recollect/testing';
import type { FoundRedis } from '@recollect/testing/redis';
import { createClient } from '@redis/client';
import { BackendError } from 'recollect';
import { bytes, eventually, operations, rejection } from './support/operations.js';
import { startOwnRedis } from './support/own-redis.js';
import { RedisProxy } from './support/redis-proxy.js';
import { testContext } from './support/test-context.js';

jest.setTimeout(30_000);

const own = await startOwnRedis();
afterAll(() => own?.stop());

(own === undefined ? describe.skip : describe)('on a server of our own', () => {
  const url = own?.url ?? '';

  test('the server counts no command that would hold up others', async () => {
    const cache = new RedisCache({ url, deadlineMs: 5_000 }, testContext());
    const keys = Array.from({ length: 1_500 }, (_, index) => `stats:${index}`);
    await cache.write(keys.map((key) => ({ key, data: bytes('x'), ttlMs: 60_000 })));
    for (const [, run] of operations(cache, 'stats:0')) await run();
    expect(await cache.deleteIfEqual('stats:1', bytes('x'))).toBe(true);
    expect(await cache.clear('stats:')).toBe(1_498);
    await cache.close();
    const raw = await createClient({ url }).connect();
    const counted = [...(await raw.info('commandstats')).matchAll(/cmdstat_([a-z|]+)/g)].map(
      ([, name]) => name,
    );
    await raw.close();
    expect(counted).toEqual(
      expect.arrayContaining(['get', 'set', 'pttl', 'scan', 'unlink', 'eval', 'evalsha']),
    );
    for (const name of ['keys', 'del', 'flushdb', 'flushall', 'multi']) expect(counted).not.toContain(name);
  });

  test('a kill in the middle fails what is under way; another server in its place is used as it is', async () => {
    const first = (await startOwnRedis()) as FoundRedis;
    const proxy = await RedisProxy.open(first.url);
    const clock = new FakeClock();
    const context = testContext(clock);
    const cache = new RedisCache({ url: proxy.url }, context);
    await cache.write([{ key: 'kill:k', data: bytes('x'), ttlMs: 60_000 }]);
    expect(await cache.deleteIfEqual('kill:k', bytes('y'))).toBe(false);
    const raw = await createClient({ url: first.url, disableOfflineQueue: true })
      .on('error', () => raw.destroy())
      .connect();
    await raw.sendCommand(['CLIENT', 'PAUSE', '60000', 'ALL']);
    const underWay = operations(cache, 'kill:k').map(([, run]) => rejection(run()));
    await eventually(async () => {
      const sent = proxy.commands.map(([name]) => name);
      for (const name of ['SCAN', 'MGET']) expect(sent).toContain(name);
    });
    await first.stop();
    for (const error of await Promise.all(underWay)) expect(error).toBeInstanceOf(BackendError);
    expect(context.reported.filter(({ error }) => error instanceof BackendError)).toHaveLength(1);

    proxy.turnTo(url);
    clock.advance(2_000);
    // The other one has neither the record nor the script.
    expect(await eventually(() => cache.read(['kill:k']))).toEqual([undefined]);
    await cache.write([{ key: 'kill:k', data: bytes('x'), ttlMs: 60_000 }]);
    expect(await cache.deleteIfEqual('kill:k', bytes('x'))).toBe(true);
    await cache.close();
    await proxy.down();
  });
});
