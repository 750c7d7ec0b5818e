import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { RedisCacheOptions } from '@recollect/redis';
import { type OwnServer, startServer } from '@recollect/testing/redis';
import { BackendError } from 'recollect';
import { describeWithServers } from './support/describe-with-servers.js';
import { openCache } from './support/open-cache.js';
import { bytes, collect, eventually, rejection } from './support/operations.js';

jest.setTimeout(20_000);

const MINUTE = 60_000;
/** When every connection that is up has been probed, or is being. */
const PROBED_MS = 6_000;

describeWithServers('a user', () => {
  let server: OwnServer;
  beforeAll(async () => {
    server = await startServer();
    return () => server.stop();
  });

  /** A cache of a user who may do what the rules say, its first operation done, and the probe made. */
  async function openAs(rules: string, options: RedisCacheOptions = {}) {
    const words = rules.split(' ').filter((word) => word !== '');
    await server.command('ACL', 'SETUSER', 'app', 'reset', 'on', '>word', ...words);
    await server.command('CONFIG', 'RESETSTAT');
    // One attempt may take as long as it needs: the clock of the test runs far ahead.
    const account = { username: 'app', password: 'word', connectTimeoutMs: 10 * PROBED_MS };
    const opened = openCache({ url: server.url, ...account, ...options });
    await opened.cache.read(['shop:first']).catch(() => undefined);
    opened.clock.advance(PROBED_MS);
    const told = () => opened.reported.filter(({ error }) => /failed to probe/.test(String(error)));
    return { ...opened, told };
  }

  /** Resolves when a probe has come to its end. */
  async function probed(): Promise<void> {
    await eventually(async () =>
      expect(String(await server.command('INFO', 'commandstats'))).toMatch(/cmdstat_discard:/),
    );
    await alone();
  }

  /** Resolves when the user has no connection but the one for data. */
  const alone = () =>
    eventually(async () => {
      const clients = String(await server.command('CLIENT', 'LIST')).split('\n');
      expect(clients.filter((line) => line.includes('user=app'))).toHaveLength(1);
    });

  test('who may do everything is told nothing, and nothing is done for it', async () => {
    const { cache, reported } = await openAs('~* &* +@all');
    await probed();
    const done = String(await server.command('INFO', 'commandstats'));
    expect(done).toMatch(/cmdstat_discard:calls=1/);
    expect(done).not.toMatch(/cmdstat_(set|get|unlink|publish|subscribe|evalsha|exec):/);
    expect(reported).toEqual([]);
    expect(cache.health()).toEqual({ ok: true, degraded: false, reasons: [] });
    expect(await server.command('DBSIZE')).toBe(0);
  });

  test('of keys `shop:` only uses these like any other, and no other', async () => {
    const { cache, reported } = await openAs('~shop:* ~{shop:* &* +@all', { deadlineMs: 5_000 });
    await probed();
    const keys = Array.from({ length: 30 }, (_, index) => `shop:${index}`);
    await cache.write(keys.map((key) => ({ key, data: bytes(key), ttlMs: MINUTE })));
    expect((await cache.read(keys)).every((record) => record !== undefined)).toBe(true);
    const [key = ''] = keys;
    expect(await cache.fill({ key, data: bytes('new'), ttlMs: MINUTE }, bytes(key))).toBe(true);
    expect(await cache.deleteIfEqual(key, bytes('new'))).toBe(true);
    expect(await cache.add({ key, data: bytes('added'), ttlMs: MINUTE })).toEqual(bytes('added'));
    expect((await collect(cache.scan('shop:'))).sort()).toEqual([...keys].sort());
    expect(await cache.clear('shop:')).toBe(keys.length);
    expect(reported).toEqual([]);
    expect(cache.health().degraded).toBe(false);
    const error = await rejection(cache.write([{ key: 'other:1', data: bytes('x'), ttlMs: MINUTE }]));
    expect(error).toBeInstanceOf(BackendError);
    expect(String(error)).toMatch(/NOPERM/);
    expect(cache.health().reasons.join()).toMatch(/the store refuses us/);
  });

  describe('is told once what is lost for whom', () => {
    test.each([
      ['-@write', /writing is not allowed: nothing is stored; deleting is not allowed: nothing is deleted/],
      ['-get -mget', /reading is not allowed: nothing is answered from there/],
      ['-scan', /walking is not allowed: nothing is listed or cleared/],
      ['-@scripting', /scripts are not allowed: an outdated record is replaced more slowly/],
      ['-@transaction', /transactions are not allowed/],
      [
        '-watch -multi -evalsha',
        /scripts and transactions are not allowed: an outdated record is not replaced/,
      ],
      ['-publish', /publishing is not allowed: other processes hear late/],
      ['-subscribe', /subscribing is not allowed/],
      ['-info', /INFO is not allowed/],
    ])('who may not %s', async (denied, message) => {
      const { cache, told } = await openAs(`~* &* +@all ${denied}`);
      await eventually(async () => expect(told()).toHaveLength(1));
      const [failure] = told();
      expect(failure?.error).toMatchObject({ backend: 'RedisCache', operation: 'probe' });
      expect(String(failure?.error)).toMatch(message);
      expect(cache.health()).toMatchObject({ ok: true, degraded: true });
      expect(cache.health().reasons.join('; ')).toMatch(message);
    });

    test('who may do nothing, and it is not said again with the next connection', async () => {
      const { cache, clock, told } = await openAs('+ping');
      await eventually(async () => expect(told()).toHaveLength(1));
      await server.command('CLIENT', 'KILL', 'USER', 'app');
      await eventually(async () => expect(cache.health().reasons).toContain('no connection'));
      await eventually(async () => {
        clock.advance(2_000);
        expect(cache.health().reasons).not.toContain('no connection');
      });
      clock.advance(PROBED_MS);
      await eventually(async () =>
        expect(String(await server.command('INFO', 'commandstats'))).toMatch(
          /cmdstat_info:.*rejected_calls=2/,
        ),
      );
      await alone();
      expect(told()).toHaveLength(1);
    });
  });

  describe('who may not run scripts', () => {
    const key = 'shop:fill';
    const record = (text: string) => ({ key, data: bytes(text), ttlMs: MINUTE });

    test('compares and stores by WATCH all the same', async () => {
      const { cache, reported } = await openAs('~* &* +@all -@scripting', { deadlineMs: 5_000 });
      await cache.write([record('old')]);
      expect(await cache.fill(record('new'), bytes('other'))).toBe(false);
      expect(await cache.fill(record('new'), bytes('old'))).toBe(true);
      expect(await cache.fill(record('newer'), bytes('old'))).toBe(false);
      expect(await server.command('GET', key)).toBe('new');
      expect(Number(await server.command('PTTL', key))).toBeGreaterThan(MINUTE / 2);
      await cache.delete([key]);
      expect(await cache.fill(record('again'), bytes('whatever'))).toBe(true);
      await server.command('DEL', key);
      await server.command('RPUSH', key, 'a list');
      expect(await cache.fill(record('new'), bytes('a list'))).toBe(false);
      await server.command('DEL', key);
      expect(reported.filter(({ operation }) => operation === 'write')).toEqual([]);
      expect(cache.health().reasons.join()).not.toMatch(/not sent/);
    });

    test('one of many at once wins', async () => {
      const { cache } = await openAs('~* &* +@all -@scripting', { deadlineMs: 5_000 });
      await cache.write([record('old')]);
      const fills = Array.from({ length: 20 }, (_, index) => cache.fill(record(`by ${index}`), bytes('old')));
      const outcomes = await Promise.all(fills);
      const winners = outcomes.flatMap((isStored, index) => (isStored ? [`by ${index}`] : []));
      expect(winners).toEqual([await server.command('GET', key)]);
      await server.command('DEL', key);
    });

    test('nor WATCH stores nothing where there is something to compare, and is told once', async () => {
      const denied = '~* &* +@all -@scripting -@transaction';
      const { cache, reported } = await openAs(denied, { deadlineMs: 5_000 });
      expect(await cache.fill(record('first'), undefined)).toBe(true);
      for (let index = 0; index < 3; index++)
        expect(await cache.fill(record('second'), bytes('first'))).toBe(false);
      const fills = reported.filter(({ operation }) => operation === 'write');
      expect(fills.map(({ error }) => String(error))).toEqual([
        expect.stringMatching(/RedisCache failed to fill: neither scripts nor WATCH are allowed/),
      ]);
      expect(cache.health().reasons.join()).not.toMatch(/not sent/);
      await server.command('DEL', key);
    });
  });
});
