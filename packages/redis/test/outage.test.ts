import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { describe, expect, test } from '@jest/globals';
import { testRedisUrl, uniquePrefix } from '@recollect/testing/redis';
import { BackendError } from 'recollect';
import { atEnd, openCache, openScripted } from './support/open-cache.js';
import { bytes, eventually, operations, rejection } from './support/operations.js';
import { RedisProxy } from './support/redis-proxy.js';
import { blob } from './support/scripted-redis.js';

const prefix = uniquePrefix('outage');
const at = (key: string) => `${prefix}${key}`;

/** The longest a back-off may last, in milliseconds. */
const BACK_OFF = 2_000;

async function openProxy(): Promise<RedisProxy> {
  const proxy = await RedisProxy.open(testRedisUrl());
  atEnd(() => proxy.down());
  return proxy;
}

/** Counts the sockets that this process opens as a client. */
function countSockets(): { count: number } {
  const sockets = { count: 0 };
  const count = () => {
    sockets.count += 1;
  };
  subscribe('net.client.socket', count);
  atEnd(async () => unsubscribe('net.client.socket', count));
  return sockets;
}

describe('a server that is down', () => {
  test('fails the first operation, then each at once; tells of it once; is found again when it is up', async () => {
    const proxy = await openProxy();
    await proxy.down();
    const sockets = countSockets();
    const { cache, clock, reported } = openCache({ url: proxy.url, connectTimeoutMs: 2 ** 31 - 1 });
    for (const [name, run] of operations(cache, at('down'))) {
      const error = await rejection(run());
      expect(error).toBeInstanceOf(BackendError);
      expect(error).toMatchObject({ backend: 'RedisCache', operation: name });
      expect(String(error)).toMatch(/ECONNREFUSED/);
    }
    expect(sockets.count).toBe(1);
    // How soon a socket learns that it is refused is its own affair; a back-off that is not there yet ignores the time.
    for (let attempts = 2; attempts < 8; attempts += 1) {
      await eventually(async () => {
        clock.advance(BACK_OFF);
        expect(sockets.count).toBe(attempts);
      });
    }
    expect(reported).toEqual([{ operation: 'background', error: expect.any(BackendError) }]);

    await proxy.up();
    const write = () => {
      clock.advance(BACK_OFF);
      return cache.write([{ key: at('up'), data: bytes('x'), ttlMs: 60_000 }]);
    };
    expect(await eventually(write)).toBe(true);
    expect(await cache.delete([at('up')])).toBe(1);
    expect(proxy.accepted).toBe(1);
    expect(reported).toHaveLength(1);
  });
});

describe('a server that goes away in the middle', () => {
  test('fails what is under way with the reason, and serves again when it is back', async () => {
    const proxy = await openProxy();
    const { cache, clock, reported } = openCache({ url: proxy.url });
    await cache.write([{ key: at('k'), data: bytes('x'), ttlMs: 60_000 }]);
    proxy.freeze();
    const underWay = operations(cache, at('k')).map(([, run]) => rejection(run()));
    await eventually(async () => expect(proxy.commands.length).toBeGreaterThan(8));
    await proxy.down();
    for (const error of await Promise.all(underWay)) {
      expect(error).toBeInstanceOf(BackendError);
      expect(String(error)).toMatch(/closed unexpectedly|ECONNRESET/);
    }
    expect(await rejection(cache.read([at('k')]))).toBeInstanceOf(BackendError);
    proxy.thaw();
    await proxy.up();
    clock.advance(BACK_OFF);
    expect(await eventually(() => cache.read([at('k')]))).toHaveLength(1);
    // The others are of the guard.
    const losses = () => reported.filter(({ error }) => error instanceof BackendError);
    expect(losses()).toHaveLength(1);

    await proxy.down();
    await eventually(async () => expect(losses()).toHaveLength(2));
  });

  test('a walk over the keys does not go on with another server', async () => {
    let pages = 0;
    const { cache, clock, reported, server } = await openScripted(([name]) => {
      pages += 1;
      return name === 'SCAN' ? `*2\r\n${blob('17')}*1\r\n${blob(`p:${pages}`)}` : undefined;
    });
    const walk = cache.scan('p:');
    expect(await walk.next()).toEqual({ done: false, value: 'p:1' });
    server.cut();
    await eventually(async () => expect(reported).toHaveLength(1));
    clock.advance(BACK_OFF);
    await eventually(() => cache.scan('p:').next());
    expect(String(await rejection(walk.next()))).toMatch(
      /failed to scan: the connection was lost on the way/,
    );
  });
});

describe('connecting', () => {
  test('is left to the first operation, and shared by all that come meanwhile', async () => {
    const proxy = await openProxy();
    const { cache } = openCache({ url: proxy.url });
    expect(proxy.accepted).toBe(0);
    await Promise.all(Array.from({ length: 50 }, () => cache.read([at('k')])));
    expect(proxy.accepted).toBe(1);
  });

  test('with a wrong password fails, instead of trying for ever', async () => {
    const { host } = new URL(testRedisUrl());
    const { cache, reported } = openCache({ url: `redis://${host}`, username: 'nobody', password: 'wrong' });
    const error = await rejection(cache.read([at('k')]));
    expect(error).toBeInstanceOf(BackendError);
    expect(String(error)).toMatch(/WRONGPASS/);
    expect(String(error)).not.toMatch(/: wrong/);
    expect(reported).toHaveLength(1);
  });

  test('to a server that accepts and says nothing ends after connectTimeoutMs', async () => {
    const proxy = await openProxy();
    proxy.freeze();
    const { cache, clock } = openCache({ url: proxy.url, connectTimeoutMs: 700 });
    const failed = rejection(cache.read([at('k')]));
    await eventually(async () => expect(proxy.commands.length).toBeGreaterThan(0));
    await clock.advanceAsync(699);
    expect(await Promise.race([failed, Promise.resolve('waiting')])).toBe('waiting');
    clock.advance(1);
    expect(String(await failed)).toMatch(/RedisCache failed to read: no connection within 700 ms/);
  });

  test('to what is no Redis fails with its first word', async () => {
    const { cache } = await openScripted(() => undefined, 'HTTP/1.1 400 Bad Request\r\n\r\n');
    expect(String(await rejection(cache.read([at('k')])))).toMatch(/Unknown RESP type/);
  });
});

test('a malformed reply ends the connection: no later reply reaches the wrong caller', async () => {
  const proxy = await openProxy();
  const { cache, clock } = openCache({ url: proxy.url });
  const keys = Array.from({ length: 1_000 }, (_, index) => at(`shift:${index}`));
  await cache.write(keys.map((key) => ({ key, data: bytes(key), ttlMs: 60_000 })));
  const readAll = () =>
    Promise.allSettled(
      keys.map(async (key) => {
        const [record] = await cache.read([key]);
        return record === undefined ? key : Buffer.from(record.data).toString();
      }),
    );
  const first = readAll();
  proxy.inject('Z\r\n');
  for (const outcomes of [await first, await readAll()]) {
    for (const [index, outcome] of outcomes.entries()) {
      if (outcome.status === 'fulfilled') expect(outcome.value).toBe(keys[index]);
      else expect(outcome.reason).toBeInstanceOf(BackendError);
    }
  }
  expect((await first).some(({ status }) => status === 'rejected')).toBe(true);
  clock.advance(BACK_OFF);
  expect(await eventually(() => cache.delete(keys))).toBe(1_000);
  expect(proxy.accepted).toBe(2);
});
