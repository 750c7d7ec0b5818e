import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { RedisCache } from '@recollect/redis';
import { testRedisUrl, uniquePrefix } from '@recollect/testing/redis';
import { createClient } from '@redis/client';
import fc from 'fast-check';
import { BackendError } from 'recollect';
import { bytes, collect, operations, rejection } from './support/operations.js';
import { RedisProxy } from './support/redis-proxy.js';
import { testContext } from './support/test-context.js';

const prefix = uniquePrefix('redis');
const at = (key: string) => `${prefix}${key}`;
const MINUTE = 60_000;

let proxy: RedisProxy;
let cache: RedisCache;
const raw = createClient({ url: testRedisUrl() });

beforeAll(async () => {
  proxy = await RedisProxy.open(testRedisUrl());
  cache = new RedisCache({ url: proxy.url, deadlineMs: 5_000 }, testContext());
  await raw.connect();
});

afterAll(async () => {
  await cache.clear(prefix);
  await Promise.all([cache.close(), raw.close(), proxy.down()]);
});

describe('bytes', () => {
  test('come back as they went, whatever they are', async () => {
    const seed = Date.now() & 0x7fff_ffff;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 20 }),
        async (all) => {
          const keys = all.map((_, index) => at(`bytes:${index}`));
          await cache.write(all.map((data, index) => ({ key: keys[index] as string, data, ttlMs: MINUTE })));
          const records = await cache.read(keys);
          expect(records.map((record) => [...(record?.data ?? [])])).toEqual(all.map((data) => [...data]));
        },
      ),
      { seed, numRuns: 100, verbose: true },
    );
  });

  test('hold on to no more memory than their own, and are plain', async () => {
    const keys = Array.from({ length: 50 }, (_, index) => at(`small:${index}`));
    await cache.write(keys.map((key) => ({ key, data: bytes('small'), ttlMs: MINUTE })));
    for (const record of await cache.read(keys)) {
      expect(record?.data.buffer.byteLength).toBe(5);
      expect(Buffer.isBuffer(record?.data)).toBe(false);
    }
  });
});

describe('a key of another type', () => {
  test('reads as missing beside its neighbours, and stays', async () => {
    await raw.rPush(at('list'), 'element');
    await cache.write([{ key: at('beside'), data: bytes('x'), ttlMs: MINUTE }]);
    const records = await cache.read([at('list'), at('beside'), at('list')]);
    expect(records.map((record) => record && Buffer.from(record.data).toString())).toEqual([
      undefined,
      'x',
      undefined,
    ]);
    expect(await cache.deleteIfEqual(at('list'), bytes('element'))).toBe(false);
    expect(await rejection(cache.add({ key: at('list'), data: bytes('x'), ttlMs: MINUTE }))).toBeInstanceOf(
      BackendError,
    );
    expect(await raw.lRange(at('list'), 0, -1)).toEqual(['element']);
  });
});

describe('lives', () => {
  test.each([
    [Number.POSITIVE_INFINITY, -1, -1],
    [1e30, 2 ** 52 - MINUTE, 2 ** 52],
    [MINUTE + 0.9, 1, MINUTE],
  ])('a life of %p ms is stored as what Redis takes', async (ttlMs, least, most) => {
    await cache.write([{ key: at('life'), data: bytes('x'), ttlMs }]);
    const life = await raw.pTTL(at('life'));
    expect(life).toBeGreaterThanOrEqual(least);
    expect(life).toBeLessThanOrEqual(most);
    await cache.delete([at('life')]);
    await cache.add({ key: at('life'), data: bytes('x'), ttlMs });
    expect(await raw.pTTL(at('life'))).toBeLessThanOrEqual(most);
  });
});

describe('prefixes', () => {
  const names = ['users', 'usersAbc', 'us*rs', '[u]sers', 'u?ers', 'us\\*rs', 'us^rs', '{users}'];

  test.each(names)('%p is taken letter by letter', async (name) => {
    await cache.write(names.map((each) => ({ key: at(`${each}:k`), data: bytes('x'), ttlMs: MINUTE })));
    expect(await collect(cache.scan(at(`${name}:`)))).toEqual([at(`${name}:k`)]);
    expect(await cache.clear(at(`${name}:`))).toBe(1);
    const others = names.filter((each) => each !== name);
    expect((await collect(cache.scan(prefix))).sort()).toEqual(
      expect.arrayContaining(others.map((each) => at(`${each}:k`))),
    );
  });

  test('clear also finds keys that are no text', async () => {
    await raw.set(Buffer.concat([Buffer.from(at('binary:')), Buffer.from([0xff, 0xfe])]), 'x');
    expect(await cache.clear(at('binary:'))).toBe(1);
  });
});

describe('commands', () => {
  test('only such as are kind to a busy server, 500 keys at most', async () => {
    const keys = Array.from({ length: 1_201 }, (_, index) => at(`many:${index}`));
    const data = bytes('x');
    await cache.write(keys.map((key) => ({ key, data, ttlMs: MINUTE })));
    proxy.commands.length = 0;
    expect(await cache.delete(keys)).toBe(1_201);
    await cache.write(keys.map((key) => ({ key, data, ttlMs: MINUTE })));
    expect(await cache.clear(at('many:'))).toBe(1_201);
    for (const [, run] of operations(cache, at('each'))) await run();
    const names = new Set(proxy.commands.map(([name]) => name));
    expect([...names].sort()).toEqual(['EVALSHA', 'MGET', 'PTTL', 'SCAN', 'SET', 'UNLINK']);
    const batches = proxy.commands.filter(([name]) => name === 'UNLINK').map((command) => command.length - 1);
    expect(Math.max(...batches)).toBeLessThanOrEqual(500);
    expect(batches.slice(0, 3)).toEqual([500, 500, 201]);
  });

  test('an empty list asks the server nothing', async () => {
    proxy.commands.length = 0;
    expect(await cache.read([])).toEqual([]);
    expect(await cache.write([])).toBe(true);
    expect(await cache.delete([])).toBe(0);
    expect(proxy.commands).toEqual([]);
  });

  test('the script is sent again to a server that has forgotten it', async () => {
    await cache.write([{ key: at('script'), data: bytes('x'), ttlMs: MINUTE }]);
    await raw.sendCommand(['SCRIPT', 'FLUSH']);
    expect(await cache.deleteIfEqual(at('script'), bytes('x'))).toBe(true);
  });
});

test('without the right to run scripts, compares nothing and says so once', async () => {
  const user = uniquePrefix('user').slice(0, -1);
  await raw.sendCommand(['ACL', 'SETUSER', user, 'on', '>secret', '~*', '+@all', '-eval', '-evalsha']);
  const context = testContext();
  const { host } = new URL(testRedisUrl());
  const limited = new RedisCache({ url: `redis://${host}`, username: user, password: 'secret' }, context);
  try {
    await limited.write([{ key: at('acl'), data: bytes('x'), ttlMs: MINUTE }]);
    expect(await limited.deleteIfEqual(at('acl'), bytes('x'))).toBe(false);
    expect(await limited.deleteIfEqual(at('acl'), bytes('x'))).toBe(false);
    expect(context.reported).toEqual([{ operation: 'delete', error: expect.any(BackendError) }]);
    expect(String(context.reported[0]?.error)).toMatch(/RedisCache failed to deleteIfEqual: NOPERM/);
    expect(await limited.read([at('acl')])).toHaveLength(1);
    expect(await raw.exists(at('acl'))).toBe(1);
  } finally {
    await limited.close();
    await raw.sendCommand(['ACL', 'DELUSER', user]);
  }
});

test('an error of the server rejects with a BackendError that names kind and operation', async () => {
  class Mine extends RedisCache {
    override readonly kind = 'Mine';
  }
  const mine = new Mine({ url: testRedisUrl() }, testContext());
  const error = await rejection(mine.write([{ key: at('k'), data: bytes('x'), ttlMs: Number.NaN }]));
  expect(error).toBeInstanceOf(BackendError);
  expect(error).toMatchObject({ backend: 'Mine', operation: 'write', code: 'ERR_BACKEND' });
  await mine.close();
});
