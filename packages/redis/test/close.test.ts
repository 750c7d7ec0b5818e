import { afterEach, expect, test } from '@jest/globals';
import { RedisCache } from '@recollect/redis';
import { FakeClock } from '@recollect/testing';
import { testRedisUrl, uniquePrefix } from '@recollect/testing/redis';
import { bytes, eventually, operations, rejection } from './support/operations.js';
import { RedisProxy } from './support/redis-proxy.js';
import { testContext } from './support/test-context.js';

const key = `${uniquePrefix('close')}k`;
const record = { key, data: bytes('x'), ttlMs: 10_000 };

let proxy: RedisProxy;
afterEach(() => proxy.down());

async function open(closeTimeoutMs?: number) {
  proxy = await RedisProxy.open(testRedisUrl());
  const clock = new FakeClock();
  const context = testContext(clock);
  return {
    cache: new RedisCache({ url: proxy.url, closeTimeoutMs, deadlineMs: 5_000 }, context),
    clock,
    reported: context.reported,
  };
}

/** The state of a promise, without waiting for it. */
const stateOf = (promise: Promise<unknown>) =>
  Promise.race([promise.then(() => 'settled'), Promise.resolve('pending')]);

test('waits for what is under way', async () => {
  const { cache } = await open();
  await cache.read([key]);
  proxy.freeze();
  const writing = cache.write([record]);
  await eventually(async () => expect(proxy.commands.at(-1)?.[0]).toBe('SET'));
  const closing = cache.close();
  expect(await stateOf(closing)).toBe('pending');
  proxy.thaw();
  expect(await writing).toBe(true);
  await closing;
});

test('waits for a first operation that is still connecting', async () => {
  const { cache } = await open();
  const writing = cache.write([record]);
  await cache.close();
  expect(await writing).toBe(true);
});

test.each([
  [undefined, 1_000],
  [200, 200],
])(
  'with closeTimeoutMs %p waits no longer than %p ms, then cuts off what is under way',
  async (option, limit) => {
    const { cache, clock, reported } = await open(option);
    await cache.read([key]);
    proxy.freeze();
    const cut = rejection(cache.write([record]));
    const closing = cache.close();
    clock.advance(limit - 1);
    expect(await stateOf(closing)).toBe('pending');
    clock.advance(1);
    await closing;
    expect(String(await cut)).toMatch(/RedisCache failed to write: it was closed before the reply came/);
    // The guard looks every tenth of a deadline, and once more when there is nothing left to look for.
    clock.advance(500);
    expect(clock.pending).toBe(0);
    expect(reported).toEqual([]);
  },
);

test('ends an attempt to connect that hangs', async () => {
  const { cache, clock } = await open();
  proxy.freeze();
  const cut = rejection(cache.read([key]));
  const closing = cache.close();
  clock.advance(1_000);
  await closing;
  expect(String(await cut)).toMatch(/it was closed before the reply came/);
  expect(clock.pending).toBe(0);
});

test('ends the attempts to connect again', async () => {
  const { cache, clock } = await open();
  await proxy.down();
  await rejection(cache.read([key]));
  expect(clock.pending).toBe(1);
  await cache.close();
  expect(clock.pending).toBe(0);
});

test('does nothing when nothing was used, as often as it is asked', async () => {
  const { cache } = await open();
  await Promise.all([cache.close(), cache.close()]);
  await cache.close();
  expect(proxy.accepted).toBe(0);
});

test('lets nothing through afterwards, not even a connection', async () => {
  const { cache } = await open();
  await cache.read([key]);
  await cache.close();
  await eventually(async () => expect(proxy.open).toBe(0));
  for (const [name, run] of operations(cache, key)) {
    expect(String(await rejection(run()))).toBe(`BackendError: RedisCache failed to ${name}: it is closed`);
  }
  expect(proxy.accepted).toBe(1);
});
