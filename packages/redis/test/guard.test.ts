import { describe, expect, test } from '@jest/globals';
import { RedisCache, RedisCacheNoExceptions, type RedisCacheOptions } from '@recollect/redis';
import { ConfigurationError } from 'recollect';
import { atEnd, openCache, openScripted } from './support/open-cache.js';
import { bytes, eventually, rejection } from './support/operations.js';
import { blob, ScriptedRedis } from './support/scripted-redis.js';
import { testContext } from './support/test-context.js';

/** A server that greets and then answers nothing, and a cache that has reached it. */
async function openMute(options: RedisCacheOptions = {}) {
  const server = await ScriptedRedis.open(([name]) => (name === 'UNLINK' ? ':0\r\n' : undefined));
  atEnd(() => server.close());
  const scene = openCache({ url: server.url, ...options });
  await scene.cache.delete(['k']);
  return { server, ...scene };
}

test.each<[string, string]>([
  ['a blob for a list', `${blob('x')}${blob('y')}`],
  ['a number for a list', ':5\r\n:5\r\n'],
])('%s ends the connection: replies are out of step', async (_, replies) => {
  let isOutOfStep = true;
  const { cache, clock, server, reported } = await openScripted(([name]) => {
    if (name === 'MGET') return isOutOfStep ? replies : `:60000\r\n*1\r\n${blob('x')}`;
    return undefined;
  });
  expect(String(await rejection(cache.read(['k'])))).toMatch(/failed to read: .* out of step/);
  expect(reported).toHaveLength(1);
  expect(cache.health()).toEqual({ ok: true, degraded: true, reasons: ['no connection'] });
  isOutOfStep = false;
  clock.advance(2_000);
  const [record] = await eventually(() => cache.read(['k']));
  expect(record).toEqual({ data: bytes('x'), ttlMs: 60_000 });
  expect(cache.health()).toEqual({ ok: true, degraded: false, reasons: [] });
  expect(server.commands.filter(([name]) => name === 'MGET')).toHaveLength(2);
});

test('a connection on which nothing is answered is replaced, with all that waits on it', async () => {
  const { cache, clock, reported } = await openScripted(([name]) => (name === 'SET' ? '+OK\r\n' : undefined));
  await cache.write([{ key: 'k', data: bytes('x'), ttlMs: 60_000 }]);
  const late = rejection(cache.read(['k']));
  await clock.advanceAsync(100);
  expect(String(await late)).toMatch(/failed to read: no answer within 100 ms/);
  expect(cache.health().degraded).toBe(false);
  await clock.advanceAsync(110);
  expect(String(reported[0]?.error)).toMatch(/failed to connect: nothing on it was answered/);
  clock.advance(2_000);
  const write = () => cache.write([{ key: 'k', data: bytes('x'), ttlMs: 60_000 }]);
  expect(await eventually(write)).toBe(true);
});

describe('on a server that answers nothing', () => {
  test('a step of a walk may take ten times as long as any other operation', async () => {
    const { cache, clock } = await openMute({ deadlineMs: 50 });
    const walks = [rejection(cache.scan('p:').next()), rejection(cache.clear('p:'))];
    await clock.advanceAsync(440);
    expect(await Promise.race([...walks, Promise.resolve('waiting')])).toBe('waiting');
    await clock.advanceAsync(70);
    for (const error of await Promise.all(walks)) expect(String(error)).toMatch(/no answer within 500 ms/);
  });

  test('there is a limit to what is under way, in operations and in bytes', async () => {
    const { cache, clock } = await openMute({ maxInFlight: 2, maxInFlightBytes: 10 });
    const write = (size: number) =>
      rejection(cache.write([{ key: 'k', data: new Uint8Array(size), ttlMs: 60_000 }]));
    const first = write(6);
    expect(String(await write(6))).toMatch(/failed to write: no more than 2 operations and 10 bytes/);
    const second = write(4);
    expect(cache.health()).toMatchObject({ ok: true, degraded: true });
    expect(String(await rejection(cache.read(['k'])))).toMatch(/failed to read: no more than 2 operations/);
    await clock.advanceAsync(100);
    for (const error of [await first, await second]) expect(String(error)).toMatch(/no answer within 100 ms/);
  });
});

test('no more than so many operations wait for the first connection', async () => {
  const silent = await ScriptedRedis.open(() => undefined, '');
  atEnd(() => silent.close());
  const { cache, clock } = openCache({ url: silent.url });
  const waiting = Array.from({ length: 1_000 }, () => rejection(cache.delete(['k'])));
  expect(String(await rejection(cache.delete(['k'])))).toMatch(
    /1000 operations wait for a connection already/,
  );
  clock.advance(2_000);
  for (const error of await Promise.all(waiting))
    expect(String(error)).toMatch(/no connection within 2000 ms/);
});

test('limits that cannot be meant are refused; both kinds tell how they are', () => {
  for (const options of [{ deadlineMs: 0 }, { maxInFlight: 1.5 }, { breaker: { tries: 3 } }] as object[]) {
    expect(() => new RedisCache(options, testContext())).toThrow(ConfigurationError);
    expect(() => new RedisCache(options, testContext())).toThrow(new RegExp(Object.keys(options).join()));
  }
  const fine = { ok: true, degraded: false, reasons: [] };
  expect(new RedisCache({}, testContext()).health()).toEqual(fine);
  expect(new RedisCacheNoExceptions({}, testContext()).health()).toEqual(fine);
});
