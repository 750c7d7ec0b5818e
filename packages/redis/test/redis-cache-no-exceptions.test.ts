import { describe, expect, test } from '@jest/globals';
import { RedisCacheNoExceptions } from '@recollect/redis';
import { testRedisUrl, uniquePrefix } from '@recollect/testing/redis';
import { type BackendContext, BackendError, ConfigurationError, type SharedRecord } from 'recollect';
import { bytes, operations } from './support/operations.js';
import { RedisProxy } from './support/redis-proxy.js';
import { testContext } from './support/test-context.js';

const key = `${uniquePrefix('no-exceptions')}k`;
const context = testContext();
const REPORTED_AS = {
  read: 'read',
  write: 'write',
  add: 'write',
  delete: 'delete',
  deleteIfEqual: 'delete',
  scan: 'read',
  clear: 'delete',
} as const;

async function downProxy(): Promise<RedisProxy> {
  const proxy = await RedisProxy.open(testRedisUrl());
  await proxy.down();
  return proxy;
}

describe.each([
  [
    'while the server is down',
    async () => new RedisCacheNoExceptions({ url: (await downProxy()).url }, context),
  ],
  [
    'after close()',
    async () => {
      const cache = new RedisCacheNoExceptions({ url: testRedisUrl() }, context);
      await cache.read([key]);
      await cache.close();
      return cache;
    },
  ],
])('%s', (_, open) => {
  test('every operation answers as if nothing were stored, and reports why', async () => {
    const cache = await open();
    for (const [name, run, nothing] of operations(cache, key)) {
      context.reported.length = 0;
      expect(await run()).toEqual(nothing);
      const failures = context.reported.filter(({ operation }) => operation !== 'background');
      expect(failures).toEqual([{ operation: REPORTED_AS[name], error: expect.any(BackendError) }]);
    }
    await cache.close();
  });
});

test('a connection that is cut in the middle is no exception either', async () => {
  const proxy = await RedisProxy.open(testRedisUrl());
  const cache = new RedisCacheNoExceptions({ url: proxy.url }, testContext());
  await cache.read([key]);
  proxy.freeze();
  const underWay = operations(cache, key).map(([, run]) => run());
  await proxy.down();
  expect(await Promise.all(underWay)).toEqual(operations(cache, key).map(([, , nothing]) => nothing));
  await cache.close();
});

test('a listener to failures that throws is no exception either', async () => {
  const { clock } = testContext();
  const report = () => {
    throw new Error('the listener is broken');
  };
  const cache = new RedisCacheNoExceptions({ url: (await downProxy()).url }, { clock, report });
  for (const [, run, nothing] of operations(cache, key)) expect(await run()).toEqual(nothing);
  await cache.close();
});

test('an option that cannot be meant is: it is not for the running application to find out', () => {
  expect(() => new RedisCacheNoExceptions({ port: 0 }, testContext())).toThrow(ConfigurationError);
});

test('can be extended, and heals', async () => {
  class Counting extends RedisCacheNoExceptions {
    override readonly kind = 'Counting';
    reads = 0;
    override async read(keys: readonly string[]): Promise<readonly (SharedRecord | undefined)[]> {
      this.reads += 1;
      return super.read(keys.map((each) => each.toLowerCase()));
    }
  }
  const make = (Backend: new (options: { url: string }, context: BackendContext) => Counting) =>
    new Backend({ url: testRedisUrl() }, testContext());
  const cache = make(Counting);
  await cache.write([{ key: key.toLowerCase(), data: bytes('x'), ttlMs: 10_000 }]);
  expect((await cache.read([key.toUpperCase()]))[0]?.data).toEqual(bytes('x'));
  expect(cache).toMatchObject({ reads: 1, kind: 'Counting', corrupt: 'heal' });
  await cache.close();
});
