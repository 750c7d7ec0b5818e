import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { RedisCache, redis } from '@recollect/redis';
import { testRedisUrl, uniquePrefix } from '@recollect/testing/redis';
import { createClient } from '@redis/client';
import { BackendError, createCache } from 'recollect';
import { atEnd, openCache, openScripted } from './support/open-cache.js';
import { bytes, rejection } from './support/operations.js';
import { RedisProxy } from './support/redis-proxy.js';
import { NOTHING, ScriptedRedis } from './support/scripted-redis.js';
import { testContext } from './support/test-context.js';

const prefix = uniquePrefix('batch');
const at = (key: string) => `${prefix}${key}`;
const MINUTE = 60_000;
const LONG_DEADLINE = { deadlineMs: 5_000 };

let proxy: RedisProxy;
let cache: RedisCache;
const raw = createClient({ url: testRedisUrl() });

const put = (key: string, data = key) => cache.write([{ key: at(key), data: bytes(data), ttlMs: MINUTE }]);
const textOf = (record: { data: Uint8Array } | undefined) => record && Buffer.from(record.data).toString();
const sent = () =>
  proxy.commands.map(([name, ...keys]) => [name, ...keys.map((key) => key.replace(prefix, ''))]);

beforeAll(async () => {
  proxy = await RedisProxy.open(testRedisUrl());
  cache = new RedisCache({ url: proxy.url, ...LONG_DEADLINE }, testContext());
  await raw.connect();
  for (const key of ['a', 'b', 'v', 's']) await put(key);
});

beforeEach(() => {
  proxy.commands.length = 0;
});

afterAll(async () => {
  await cache.clear(prefix);
  await Promise.all([cache.close(), raw.close(), proxy.down()]);
});

test('two reads in one tick are one MGET, with PTTL where a life is wanted', async () => {
  const [one, two] = await Promise.all([
    cache.read(['a', 'v', 's'].map(at), 1),
    cache.read(['b', 'v', 's'].map(at), 0),
  ]);
  expect([...one, ...two].map(textOf)).toEqual(['a', 'v', 's', 'b', 'v', 's']);
  expect(one[0]?.ttlMs).toBeGreaterThan(0);
  expect(one[0]?.ttlMs).toBeLessThanOrEqual(MINUTE);
  expect(two[0]?.ttlMs).toBe(Number.POSITIVE_INFINITY);
  expect(sent()).toEqual([
    ['PTTL', 'a'],
    ['MGET', 'a', 'v', 's', 'b'],
  ]);
});

test('calls of a decorated method in one tick are one MGET, in which its version ids stand once', async () => {
  const shop = createCache({
    namespace: prefix,
    shared: { kind: 'RedisCache', url: proxy.url, ...LONG_DEADLINE },
    use: [redis()],
  });
  const find = shop.cachedFunction(async (id: number) => ({ id }), {
    name: 'find',
    sharedOnly: true,
    hours: 1,
  });
  const all = () => Promise.all([1, 2, 3].map((id) => find(id)));
  await all();
  await shop.settled();
  proxy.commands.length = 0;
  expect(await all()).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }]);
  const own = [1, 2, 3].map((id) => find.key(id));
  await shop.close();
  const reads = proxy.commands.filter(([name]) => name === 'MGET' || name === 'PTTL');
  expect(reads.map(([name]) => name)).toEqual(['MGET']);
  const keys = reads[0]?.slice(1) ?? [];
  expect(new Set(keys).size).toBe(keys.length);
  expect(keys.filter((key) => own.includes(key))).toEqual(own);
});

describe('beside other operations of the tick', () => {
  test('a read does not see what was deleted before it, and another key is read all the same', async () => {
    await put('gone');
    const deleted = cache.delete([at('gone')]);
    const read = cache.read([at('gone'), at('a')], 0);
    expect((await read).map(textOf)).toEqual([undefined, 'a']);
    expect(await deleted).toBe(1);
  });

  test('a read that was asked for before a delete, in the same tick, says nothing else than the delete', async () => {
    await put('gone');
    const read = cache.read([at('gone')], 0);
    const deleted = cache.delete([at('gone')]);
    expect((await read).map(textOf)).toEqual([undefined]);
    expect(await deleted).toBe(1);
  });

  test('a read after a write of the tick finds it', async () => {
    void put('new', 'first');
    const [record] = await cache.read([at('new')], 0);
    expect(textOf(record)).toBe('first');
  });

  test('a read after a delete that was answered is not answered by an earlier one', async () => {
    await put('gone');
    const early = cache.read([at('gone')], 0);
    await new Promise((resolve) => setImmediate(resolve));
    const deleted = await cache.delete([at('gone')]);
    expect(textOf((await cache.read([at('gone')], 0))[0])).toBeUndefined();
    expect([deleted, textOf((await early)[0])]).toEqual([1, 'gone']);
  });
});

test('a key of another type is a miss, and none of its neighbours is', async () => {
  await raw.rPush(at('list'), 'element');
  const reads = await Promise.all([cache.read([at('list')]), cache.read([at('a')])]);
  expect(reads.map(([record]) => textOf(record))).toEqual([undefined, 'a']);
});

describe('a batch that fails', () => {
  test('fails its reads with the cause, and the next batch is none the worse', async () => {
    let isBroken = true;
    const { cache: scripted, server } = await openScripted(([name, ...keys]) => {
      if (name !== 'MGET') return undefined;
      if (isBroken) return '-ERR broken\r\n';
      return `*${keys.length}\r\n${NOTHING.repeat(keys.length)}`;
    });
    const errors = await Promise.all([
      rejection(scripted.read(['a'], 0)),
      rejection(scripted.read(['b'], 0)),
    ]);
    for (const error of errors) {
      expect(error).toBeInstanceOf(BackendError);
      expect(String(error)).toMatch(/RedisCache failed to read: ERR broken/);
    }
    isBroken = false;
    expect(await scripted.read(['a', 'b'], 0)).toEqual([undefined, undefined]);
    expect(server.commands).toEqual([
      ['MGET', 'a', 'b'],
      ['MGET', 'a', 'b'],
    ]);
  });

  test('at the deadline, fails all of them at once', async () => {
    const { cache: scripted, clock } = await openScripted(([name]) =>
      name === 'SET' ? '+OK\r\n' : undefined,
    );
    await scripted.write([{ key: 'k', data: bytes('x'), ttlMs: MINUTE }]);
    const late = [rejection(scripted.read(['a'], 0)), rejection(scripted.read(['b'], 0))];
    await clock.advanceAsync(110);
    for (const error of await Promise.all(late)) expect(String(error)).toMatch(/no answer within 100 ms/);
  });
});

test('beyond ten reads per operation that may be under way, reads are refused at once', async () => {
  const server = await ScriptedRedis.open(([name]) => (name === 'SET' ? '+OK\r\n' : undefined));
  atEnd(() => server.close());
  const { cache: scripted } = openCache({ url: server.url, maxInFlight: 2 });
  await scripted.write([{ key: 'k', data: bytes('x'), ttlMs: MINUTE }]);
  const reads = Array.from({ length: 20 }, (_, index) => rejection(scripted.read([`k${index}`], 0)));
  expect(String(await rejection(scripted.read(['k'], 0)))).toMatch(
    /failed to read: too many reads are under way/,
  );
  server.cut();
  for (const error of await Promise.all(reads)) expect(error).toBeInstanceOf(BackendError);
});

describe('closing', () => {
  const open = () => new RedisCache({ url: proxy.url, ...LONG_DEADLINE }, testContext());

  test('waits for the reads of its own tick', async () => {
    const closing = open();
    await closing.read([at('a')], 0);
    const read = closing.read([at('a'), at('b')], 0);
    await closing.close();
    expect((await read).map(textOf)).toEqual(['a', 'b']);
  });

  test('lets no read through that comes later', async () => {
    const closing = open();
    const closed = closing.close();
    expect(String(await rejection(closing.read([at('a')], 0)))).toMatch(/failed to read: it is closed/);
    await closed;
  });
});
