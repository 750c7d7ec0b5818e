import { expect, test } from '@jest/globals';
import { RedisCache, RedisCacheAtomic, RedisCacheNoExceptions, redis } from '@recollect/redis';
import { testRedisUrl, uniquePrefix } from '@recollect/testing/redis';
import { createClient } from '@redis/client';
import { BackendError, ConfigurationError } from 'recollect';
import { atEnd } from '../support/open-cache.js';
import { rejection } from '../support/operations.js';
import { RedisProxy } from '../support/redis-proxy.js';
import { testContext } from '../support/test-context.js';
import { asking, grant } from './support/store.js';

const KINDS = [RedisCache, RedisCacheNoExceptions, RedisCacheAtomic];
const key = `${uniquePrefix('options')}k`;

test.each<[string, object, RegExp]>([
  [
    'an unknown mechanism',
    { mechanism: 'locks' },
    /"mechanism" is "locks"; accepted: 'auto', 'watch' or 'lua'/,
  ],
  ['no mechanism', { mechanism: null }, /"mechanism" is null/],
  ['no connections', { isolatedConnections: 0 }, /"isolatedConnections" is 0; accepted: .* from 1 to 64/],
  ['half a connection', { isolatedConnections: 1.5 }, /"isolatedConnections" is 1.5/],
  ['too many connections', { isolatedConnections: 65 }, /"isolatedConnections" is 65/],
  ['a yes', { acceptEviction: 'yes' }, /"acceptEviction" is "yes"; accepted: true or false/],
])('%s is refused by every kind', (_, options, message) => {
  for (const Kind of KINDS) {
    const make = () => new Kind(options, testContext());
    expect(make).toThrow(ConfigurationError);
    expect(make).toThrow(message);
  }
});

test('they go with a client of the application', () => {
  const client = createClient();
  for (const Kind of KINDS)
    new Kind({ client, mechanism: 'watch', isolatedConnections: 2, acceptEviction: true }, testContext());
});

test('RedisCacheAtomic is known by name, and gives every site a mode', () => {
  expect(redis().shared).toEqual({ RedisCache, RedisCacheNoExceptions, RedisCacheAtomic });
  const cache = new RedisCacheAtomic({}, testContext());
  expect(cache).toBeInstanceOf(RedisCache);
  expect([cache.kind, cache.atomicByDefault, cache.corrupt]).toEqual([
    'RedisCacheAtomic',
    'at_least_once',
    'raise',
  ]);
  expect('atomicByDefault' in new RedisCache({}, testContext())).toBe(false);
});

test.each(KINDS.map((Kind) => [Kind.name, Kind] as const))(
  '%s has leases, and connects no earlier than they are used',
  async (name, Kind) => {
    const proxy = await RedisProxy.open(testRedisUrl());
    atEnd(() => proxy.down());
    const cache = new Kind({ url: proxy.url, deadlineMs: 5_000 }, testContext());
    atEnd(() => cache.close());
    const { atomic } = cache;
    expect(cache.atomic).toBe(atomic);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(proxy.accepted).toBe(0);
    await atomic.release(await grant(atomic, `${key}:${name}`));
    expect(proxy.accepted).toBe(1);
    await cache.close();
    const error = await rejection(atomic.claim(asking(key)));
    expect(error).toBeInstanceOf(BackendError);
    expect(String(error)).toMatch(/failed to claim: it is closed/);
    expect(await atomic.invalidate([])).toBe(0);
  },
);

test('a class made of it is named in its errors', async () => {
  class MyCache extends RedisCacheAtomic {
    override readonly kind = 'MyCache';
  }
  const cache = new MyCache({ port: 1 }, testContext());
  atEnd(() => cache.close());
  expect(String(await rejection(cache.atomic.claim(asking(key))))).toMatch(/MyCache failed to claim/);
});

test('no more connections of their own are opened than is said', async () => {
  const proxy = await RedisProxy.open(testRedisUrl());
  atEnd(() => proxy.down());
  const options = { url: proxy.url, mechanism: 'watch', isolatedConnections: 2, deadlineMs: 5_000 } as const;
  const cache = new RedisCache(options, testContext());
  atEnd(() => cache.close());
  const claims = Array.from({ length: 20 }, (_, at) => grant(cache.atomic, `${key}:many:${at}`));
  const leases = await Promise.all(claims);
  expect(proxy.accepted).toBe(2);
  await cache.atomic.invalidate(leases.map((lease) => lease.key));
});
