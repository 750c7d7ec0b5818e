import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { RedisCacheOptions } from '@recollect/redis';
import { FakeClock } from '@recollect/testing';
import { type OwnServer, startServer } from '@recollect/testing/redis';
import { ConfigurationError } from 'recollect';
import { describeWithServers } from '../support/describe-with-servers.js';
import { bytes, eventually, rejection } from '../support/operations.js';
import { asking, grant, leaseIn, MECHANISMS, openStore } from './support/store.js';

jest.setTimeout(30_000);

const LOGIN = { username: 'app', password: 'word' };
/** What a busy machine may add. */
const NOISE_MS = 400;
const mode = 'at_most_once';
let server: OwnServer;
let key: string;
let count = 0;
const open = (options: RedisCacheOptions = {}) =>
  openStore({ url: server.url, deadlineMs: 2_000, ...options });
const setUser = (...rules: string[]) =>
  server.command('ACL', 'SETUSER', 'app', 'reset', 'on', '>word', '~*', '&*', '+@all', ...rules);
const setMemory = async (maxmemory: string, policy: string) => {
  await server.command('CONFIG', 'SET', 'maxmemory-policy', policy);
  await server.command('CONFIG', 'SET', 'maxmemory', maxmemory);
};
const messages = (reported: readonly { readonly error: unknown }[]) =>
  reported.map(({ error }) => String(error));

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.stop());
afterEach(async () => {
  await setMemory('0', 'noeviction');
  count += 1;
});

describeWithServers('an eviction policy', () => {
  beforeEachKey('policy');

  test('that takes any key: at most once is refused, at least once is not', async () => {
    await setMemory('100mb', 'allkeys-lru');
    const { store, reported } = open();
    for (let times = 0; times < 6; times++) {
      const error = await rejection(store.claim(asking(key, { mode })));
      expect(error).toBeInstanceOf(ConfigurationError);
      expect(String(error)).toMatch(/RedisCache: .*allkeys-lru.*noeviction.*acceptEviction: true/);
    }
    await store.release(await grant(store, key));
    expect(reported).toEqual([]);
    await setMemory('100mb', 'noeviction');
    await grant(store, key, { mode });
  });

  test('that is accepted is not asked for', async () => {
    await setMemory('100mb', 'allkeys-random');
    const { store } = open({ acceptEviction: true });
    await grant(store, key, { mode });
  });

  test('that never comes to act is no reason', async () => {
    await setMemory('0', 'allkeys-lru');
    await grant(open().store, key, { mode });
  });

  test('that takes what has an end is reported, once', async () => {
    await setMemory('100mb', 'volatile-ttl');
    const clock = new FakeClock();
    const { store, reported } = openStore({ url: server.url }, clock);
    await grant(store, key, { mode });
    clock.advance(60_000);
    await grant(store, `${key}:2`, { mode });
    expect(messages(reported)).toEqual([expect.stringMatching(/claims are evicted: .*volatile-ttl/)]);
  });

  test('is asked for once a minute, by one of many', async () => {
    await server.command('CONFIG', 'RESETSTAT');
    const clock = new FakeClock();
    const { store } = openStore({ url: server.url }, clock);
    const asked = async () =>
      /cmdstat_info:calls=(\d+)/.exec(String(await server.command('INFO', 'commandstats')))?.[1];
    const before = Number((await asked()) ?? 0);
    await Promise.all(['a', 'b', 'c'].map((each) => grant(store, `${key}:${each}`, { mode })));
    await grant(store, `${key}:d`, { mode });
    expect(Number(await asked())).toBe(before + 2);
    await setMemory('100mb', 'allkeys-lru');
    clock.advance(59_999);
    await grant(store, `${key}:e`, { mode });
    clock.advance(1);
    expect(await rejection(store.claim(asking(`${key}:f`, { mode })))).toBeInstanceOf(ConfigurationError);
  });

  test('that may not be asked for is reported once, and claims go on', async () => {
    await setUser('-info');
    const { store, reported } = open(LOGIN);
    await grant(store, key, { mode });
    await grant(store, `${key}:2`, { mode });
    expect(messages(reported)).toEqual([expect.stringMatching(/failed to read maxmemory_policy: NOPERM/)]);
  });
});

describeWithServers('a user', () => {
  beforeEachKey('user');

  const goThrough = async ({ store }: ReturnType<typeof open>) => {
    const lease = await grant(store, key, { mode, numbered: true });
    expect(await store.renew(lease, 60_000)).toBe(true);
    expect(await store.commit(lease, { key, data: bytes('x'), ttlMs: 60_000 })).toBe('stored');
    expect((await store.claim(asking(key))).kind).toBe('stored');
    expect(await store.invalidate([key])).toBe(1);
    await store.release(await grant(store, key));
    await store.settle({ key, data: bytes('x'), ttlMs: 60_000 });
    expect(await store.invalidate([key])).toBe(1);
  };

  test.each(['-@scripting', '-eval -evalsha'])(
    'who may run no scripts (%s) has leases by WATCH, and it is reported once',
    async (rules) => {
      await setUser(...rules.split(' '));
      const scene = open(LOGIN);
      await goThrough(scene);
      await goThrough(scene);
      expect(messages(scene.reported)).toEqual([expect.stringMatching(/WATCH instead: NOPERM/)]);
      expect(scene.cache.health().degraded).toBe(false);
    },
  );

  test('who may run no scripts and asks for them has no leases, and all else as before', async () => {
    await setUser('-@scripting');
    const { store, cache, reported } = open({ ...LOGIN, mechanism: 'lua' });
    for (let times = 0; times < 6; times++)
      expect(String(await rejection(store.claim(asking(key))))).toMatch(/failed to claim: NOPERM/);
    expect(await cache.read([key])).toEqual([undefined]);
    expect(cache.health().degraded).toBe(false);
    expect(reported).toEqual([]);
  });

  test('who may watch nothing has leases by scripts, and none without', async () => {
    await setUser('-@transaction');
    await goThrough(open(LOGIN));
    const { store, cache, reported } = open({ ...LOGIN, mechanism: 'watch' });
    for (let times = 0; times < 6; times++)
      expect(String(await rejection(store.claim(asking(key))))).toMatch(/failed to claim: NOPERM/);
    expect(await cache.read([key])).toEqual([undefined]);
    expect(reported).toEqual([]);
  });

  test.each(['-multi', '-exec'])('who may watch and not do all of it (%s) changes nothing', async (rule) => {
    await setUser(rule);
    const { store } = open({ ...LOGIN, mechanism: 'watch' });
    expect(String(await rejection(store.claim(asking(key))))).toMatch(/NOPERM/);
    await rejection(store.settle({ key, data: bytes('x'), ttlMs: 60_000 }));
    expect(await server.command('EXISTS', key, `{${key}}@lease`)).toBe(0);
  });

  test('who may do neither has no leases, and is told of the last that was tried', async () => {
    await setUser('-@scripting', '-@transaction');
    const { store, cache, reported } = open(LOGIN);
    expect(String(await rejection(store.claim(asking(key))))).toMatch(/NOPERM.*watch/i);
    expect(await cache.read([key])).toEqual([undefined]);
    expect(reported).toEqual([]);
  });

  describe.each(MECHANISMS)('by %s', (mechanism) => {
    test.each(['-publish', 'resetchannels'])(
      'who may not publish (%s) has leases, and it is reported once',
      async (rule) => {
        await setUser(rule);
        const scene = open({ ...LOGIN, mechanism });
        await goThrough(scene);
        expect(messages(scene.reported)).toEqual([
          expect.stringMatching(/failed to publish what becomes of leases/),
        ]);
      },
    );

    test('who may not subscribe hears nothing, and it is reported once', async () => {
      await setUser('-subscribe');
      const { store, reported } = open({ ...LOGIN, mechanism });
      let heard = 0;
      store.listen(key, () => {
        heard += 1;
      });
      await eventually(async () => expect(reported).toHaveLength(1));
      await store.release(await grant(store, key));
      expect(heard).toBe(0);
      expect(messages(reported)).toEqual([expect.stringMatching(/failed to listen .*: NOPERM/)]);
    });

    test('who may not write the notes is refused, and no breaker opens', async () => {
      await setUser('resetkeys', '~policy*', '~user*');
      const { store, cache, reported } = open({ ...LOGIN, mechanism });
      for (let times = 0; times < 6; times++)
        expect(String(await rejection(store.claim(asking(key))))).toMatch(/NOPERM/);
      expect(await cache.read([key])).toEqual([undefined]);
      expect(reported).toEqual([]);
    });
  });
});

describeWithServers('a server', () => {
  beforeEachKey('server');

  describe.each(MECHANISMS)('by %s', (mechanism) => {
    test('that is full grants nothing, and ends leases and deletes records all the same', async () => {
      const { store, cache } = open({ mechanism, breaker: false });
      const lease = await grant(store, key);
      const second = await grant(store, `${key}:2`);
      await cache.write([{ key: `${key}:r`, data: bytes('x'), ttlMs: 60_000 }]);
      await setMemory('1', 'noeviction');
      expect(String(await rejection(store.claim(asking(`${key}:3`))))).toMatch(/failed to claim: .*OOM/);
      const commit = store.commit(lease, { key, data: bytes('x'), ttlMs: 60_000 });
      expect(String(await rejection(commit))).toMatch(/failed to commit: .*OOM/);
      expect((await store.claim(asking(`${key}:r`))).kind).toBe('stored');
      expect((await store.claim(asking(key))).kind).toBe('busy');
      expect(await store.invalidate([key, `${key}:r`, `${key}:r`])).toBe(1);
      // A transaction may not even be asked for then.
      if (mechanism === 'lua') await store.release(second);
      await setMemory('0', 'noeviction');
      expect(await store.renew(lease, 1_000)).toBe(false);
      expect(await store.renew(second, 1_000)).toBe(mechanism === 'watch');
    });

    test('that is a replica grants nothing', async () => {
      const { store } = open({ mechanism, breaker: false });
      const lease = await grant(store, key);
      await server.command('REPLICAOF', '127.0.0.1', '1');
      try {
        const commit = store.commit(lease, { key, data: bytes('x'), ttlMs: 60_000 });
        expect(String(await rejection(commit))).toMatch(/failed to commit: .*READONLY/);
        expect(String(await rejection(store.claim(asking(`${key}:2`))))).toMatch(/READONLY/);
        expect(String(await rejection(store.invalidate([key])))).toMatch(/READONLY/);
      } finally {
        await server.command('REPLICAOF', 'NO', 'ONE');
      }
      expect(await store.renew(lease, 60_000)).toBe(true);
    });

    test('that is frozen costs twice the deadline at most; thawed, it is used again', async () => {
      const { store, cache } = open({ mechanism, deadlineMs: 100, breaker: false });
      const lease = await grant(store, key);
      const record = { key, data: bytes('x'), ttlMs: 60_000 };
      await grant(store, `${key}:1`);
      server.freeze();
      try {
        for (let times = 0; times < 3; times++) {
          const since = performance.now();
          const late = [
            store.claim(asking(`${key}:2`, { mode })),
            store.renew(lease, 1_000),
            store.release(lease),
            store.settle({ ...record, key: `${key}:3` }),
            store.invalidate([`${key}:4`]),
          ];
          for (const error of await Promise.all(late.map(rejection)))
            expect(String(error)).toMatch(/BackendError: RedisCache failed to /);
          expect(performance.now() - since).toBeLessThan(200 + NOISE_MS);
        }
      } finally {
        server.thaw();
      }
      await eventually(async () => expect((await store.claim(asking(`${key}:1`))).kind).toBe('busy'));
      await eventually(async () => leaseIn(await store.claim(asking(`${key}:5`))));
      await cache.close();
    });

    test('whose scripts were forgotten is told them again', async () => {
      const { store } = open({ mechanism });
      const lease = await grant(store, key);
      await server.command('SCRIPT', 'FLUSH');
      expect(await store.commit(lease, { key, data: bytes('x'), ttlMs: 60_000 })).toBe('stored');
    });

    test('on which all connections are killed again and again grants each key once', async () => {
      const stores = [open({ mechanism }).store, open({ mechanism }).store];
      let isOver = false;
      const killing = (async () => {
        while (!isOver) {
          await server.command('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
          await new Promise((resolve) => setTimeout(resolve, 80));
        }
      })();
      let grants = 0;
      for (let round = 0; round < 60; round++) {
        const outcomes = await Promise.allSettled(
          stores.map((store) => store.claim(asking(`${key}:${round}`, { mode }))),
        );
        const kinds = outcomes.flatMap((outcome) =>
          outcome.status === 'fulfilled' ? [outcome.value.kind] : [],
        );
        expect(kinds.filter((kind) => kind === 'granted').length).toBeLessThan(2);
        grants += kinds.includes('granted') ? 1 : 0;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      isOver = true;
      await killing;
      expect(grants).toBeGreaterThan(0);
    });
  });
});

function beforeEachKey(name: string): void {
  beforeEach(() => {
    key = `${name}:${count}`;
  });
}
