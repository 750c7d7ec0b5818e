import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { RedisCache } from '@recollect/redis';
import { testRedisUrl, uniquePrefix } from '@recollect/testing/redis';
import { createClient } from '@redis/client';
import { atEnd } from '../support/open-cache.js';
import { bytes, eventually } from '../support/operations.js';
import { RedisProxy } from '../support/redis-proxy.js';
import { ScriptedRedis } from '../support/scripted-redis.js';
import { testContext } from '../support/test-context.js';
import { grant, MECHANISMS, openStore } from './support/store.js';

const prefix = uniquePrefix('listening');
const writer = () => openStore({ url: testRedisUrl(), deadlineMs: 5_000 }).store;
let key: string;
let count = 0;
beforeEach(() => {
  count += 1;
  key = `${prefix}${count}`;
});

afterAll(async () => {
  const cache = new RedisCache({ url: testRedisUrl() }, testContext());
  await cache.clear(prefix);
  await cache.close();
});

async function openThroughProxy() {
  const proxy = await RedisProxy.open(testRedisUrl());
  atEnd(() => proxy.down());
  const scene = openStore({ url: proxy.url, deadlineMs: 5_000 });
  const sent = (name: string) => proxy.commands.filter(([sent]) => sent?.toLowerCase() === name).length;
  return { proxy, sent, ...scene };
}

/** Counts what is heard, and waits for it. */
function ear() {
  let heard = 0;
  let seen = 0;
  return {
    hear: () => {
      heard += 1;
    },
    /** Something has been heard since the last time. */
    hasHeard: () =>
      eventually(async () => {
        expect(heard).toBeGreaterThan(seen);
        seen = heard;
      }),
  };
}

test('who listens is told once that the subscription stands, then of each change', async () => {
  const { store } = await openThroughProxy();
  const { hear, hasHeard } = ear();
  const stop = store.listen(key, hear);
  await hasHeard();
  const other = writer();
  await other.settle({ key, data: bytes('x'), ttlMs: 60_000 });
  await hasHeard();
  await other.invalidate([key]);
  await hasHeard();
  const lease = await grant(other, key);
  await other.release(lease);
  await hasHeard();
  await other.commit(await grant(other, key), { key, data: bytes('x'), ttlMs: 60_000 });
  await hasHeard();
  stop();
});

describe.each(MECHANISMS)('by %s', (mechanism) => {
  test('what changes nothing is not told', async () => {
    const other = openStore({ url: testRedisUrl(), mechanism, deadlineMs: 5_000 }).store;
    const raw = await createClient({ url: testRedisUrl() }).connect();
    atEnd(() => raw.close());
    const told: string[] = [];
    await raw.subscribe(`{${key}}@news`, (message) => told.push(message));
    const lease = await grant(other, key);
    await other.renew(lease, 10_000);
    await other.invalidate([key]);
    expect(await other.commit(lease, { key, data: bytes('x'), ttlMs: 1_000 })).toBe('lost');
    await other.release(lease);
    await other.settle({ key, data: bytes('x'), ttlMs: 60_000 });
    await eventually(async () => expect(told).toHaveLength(2));
  });
});

test('one subscription per key, however many listen; none when nobody does', async () => {
  const { store, sent, proxy } = await openThroughProxy();
  const ears = [ear(), ear(), ear()];
  const stops = ears.map(({ hear }) => store.listen(key, hear));
  for (const each of ears) await each.hasHeard();
  expect(sent('subscribe')).toBe(1);
  stops[0]?.();
  stops[0]?.();
  stops[1]?.();
  expect(sent('unsubscribe')).toBe(0);
  await writer().settle({ key, data: bytes('x'), ttlMs: 60_000 });
  await ears[2]?.hasHeard();
  stops[2]?.();
  await eventually(async () => expect(sent('unsubscribe')).toBe(1));
  const again = ear();
  const stop = store.listen(key, again.hear);
  await again.hasHeard();
  await writer().invalidate([key]);
  await again.hasHeard();
  expect(proxy.accepted).toBe(1);
  stop();
});

test('who leaves and comes back in the same moment goes on hearing', async () => {
  const { store } = await openThroughProxy();
  for (let round = 0; round < 20; round++) store.listen(key, () => undefined)();
  const last = ear();
  store.listen(key, last.hear);
  await last.hasHeard();
  for (let round = 0; round < 20; round++) store.listen(`${key}:other`, () => undefined)();
  await writer().invalidate([key]);
  await last.hasHeard();
});

test('after a loss it subscribes again by itself, and tells everyone that something may have been missed', async () => {
  const { store, proxy, reported } = await openThroughProxy();
  const ears = [ear(), ear()];
  for (const [at, { hear }] of ears.entries()) store.listen(`${key}:${at}`, hear);
  for (const each of ears) await each.hasHeard();
  await proxy.down();
  await eventually(async () => expect(reported).toHaveLength(1));
  expect(String(reported[0]?.error)).toMatch(/failed to listen for what becomes of leases/);
  await writer().invalidate([`${key}:0`]);
  await proxy.up();
  for (const each of ears) await each.hasHeard();
  await writer().invalidate([`${key}:1`]);
  await ears[1]?.hasHeard();
  expect(reported).toHaveLength(1);
});

test('lost while nobody listens, it stays so until somebody does', async () => {
  const { store, proxy } = await openThroughProxy();
  const first = ear();
  const stop = store.listen(key, first.hear);
  await first.hasHeard();
  stop();
  await proxy.down();
  await proxy.up();
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(proxy.accepted).toBe(1);
  const second = ear();
  store.listen(key, second.hear);
  await second.hasHeard();
});

test('one who throws keeps nobody else from hearing', async () => {
  const { store } = await openThroughProxy();
  store.listen(key, () => {
    throw new Error('of its own');
  });
  const other = ear();
  store.listen(key, other.hear);
  await other.hasHeard();
});

test('nothing is connected before somebody listens, and nothing after the end', async () => {
  const { store, proxy, cache } = await openThroughProxy();
  expect(proxy.accepted).toBe(0);
  const first = ear();
  store.listen(key, first.hear);
  await first.hasHeard();
  await store.close();
  await eventually(async () => expect(proxy.open).toBe(0));
  store.listen(key, first.hear);
  await cache.close();
  store.listen(key, first.hear);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(proxy.accepted).toBe(1);
});

test('a server that lets nobody subscribe is asked once, and it is reported once', async () => {
  const server = await ScriptedRedis.open(() => '-NOPERM no\r\n');
  atEnd(() => server.close());
  const { store, reported } = openStore({ url: server.url });
  store.listen(key, () => undefined);
  await eventually(async () => expect(reported).toHaveLength(1));
  store.listen(key, () => undefined);
  store.listen(`${key}:other`, () => undefined);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(server.commands).toHaveLength(1);
  expect(String(reported[0]?.error)).toMatch(/failed to listen .*NOPERM/);
});
