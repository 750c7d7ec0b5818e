import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { RedisCache } from '@recollect/redis';
import { FakeClock } from '@recollect/testing';
import { startProxy, type TcpProxy } from '@recollect/testing/proxy';
import { testRedisUrl, uniquePrefix } from '@recollect/testing/redis';
import { atEnd } from '../support/open-cache.js';
import { bytes, eventually, rejection } from '../support/operations.js';
import { testContext } from '../support/test-context.js';
import { asking, grant, leaseIn, MECHANISMS, MODES, openStore } from './support/store.js';

const prefix = uniquePrefix('lost');
const direct = () => openStore({ url: testRedisUrl(), deadlineMs: 5_000 }).store;
const record = (key: string) => ({ key, data: bytes('loaded'), ttlMs: 60_000 });
let proxy: TcpProxy;
let count = 0;
let key: string;

beforeEach(async () => {
  const { hostname: host, port } = new URL(testRedisUrl());
  proxy = await startProxy({ host, port: Number(port) });
  atEnd(() => proxy.close());
  count += 1;
  key = `${prefix}k${count}`;
});

afterAll(async () => {
  const cache = new RedisCache({ url: testRedisUrl() }, testContext());
  await cache.clear(prefix);
  await cache.close();
});

/** The command that decides, of which the key is part only for scripts. */
const decisive = (mechanism: string) => (mechanism === 'watch' ? 'EXEC\r\n' : key);

/** While the connection that was cut is not open again, what has not been sent fails at once. */
const reconnected = eventually;

describe.each(MECHANISMS)('by %s', (mechanism) => {
  /** A store on the far side of the proxy, that the server knows already. */
  const open = async (deadlineMs = 1_000) => {
    const { store } = openStore({ url: proxy.url, mechanism, deadlineMs });
    const lease = await grant(store, `${key}:first`);
    await store.commit(lease, record(lease.key));
    return store;
  };

  describe.each(MODES)('%s', (mode) => {
    test.each(['cutAfter', 'cutBefore'] as const)('claim, %s', async (cut) => {
      const store = await open();
      proxy[cut](decisive(mechanism));
      const request = asking(key, { mode, numbered: true });
      const lease = leaseIn(await store.claim(request));
      expect({ ...lease }).toEqual({ key, mode, token: request.token, epoch: 'epoch-1', fence: 1 });
      expect((await direct().claim(asking(key, { mode }))).kind).toBe('busy');
      expect(await reconnected(() => store.commit(lease, record(key)))).toBe('stored');
    });

    test.each(['cutAfter', 'cutBefore'] as const)('commit, %s', async (cut) => {
      const store = await open();
      const lease = await grant(store, key, { mode });
      proxy[cut](decisive(mechanism));
      expect(await store.commit(lease, record(key))).toBe('stored');
      expect((await direct().claim(asking(key, { mode }))).kind).toBe('stored');
    });
  });

  test('claim, when another has it by the time it is asked again', async () => {
    const store = await open();
    proxy.cutBefore(decisive(mechanism));
    const claiming = store.claim(asking(key));
    const other = await grant(direct(), key);
    expect({ ...(await claiming) }).toEqual({ kind: 'busy', token: other.token, epoch: 'epoch-1' });
  });

  test('commit, when the lease was broken meanwhile', async () => {
    const store = await open();
    const lease = await grant(store, key);
    proxy.cutBefore(decisive(mechanism));
    proxy.delay(5);
    const committing = store.commit(lease, record(key));
    expect(await direct().invalidate([key])).toBe(0);
    expect(await committing).toBe('lost');
    expect((await direct().claim(asking(key))).kind).toBe('granted');
  });

  test('commit, when all that can be said is that it is gone', async () => {
    const store = await open();
    const lease = await grant(store, key);
    const { cache, store: other } = openStore({ url: testRedisUrl(), deadlineMs: 5_000 });
    proxy.cutAfter(decisive(mechanism));
    const committing = store.commit(lease, record(key));
    // Long enough for the invalidation to come between the commit and the look for what became of it.
    proxy.delay(20);
    await eventually(async () => expect(await cache.read([key])).not.toEqual([undefined]));
    expect(await other.invalidate([key])).toBe(1);
    expect(await committing).toBe('lost');
  });

  test.each(['cutAfter', 'cutBefore'] as const)('release, settle, renew and invalidate, %s', async (cut) => {
    const store = await open();
    const decide = decisive(mechanism);
    const lease = await grant(store, key);
    proxy[cut](decide);
    expect(await store.renew(lease, 60_000)).toBe(true);
    await reconnected(() => store.renew(lease, 60_000));
    proxy[cut](decide);
    await store.release(lease);
    await reconnected(() => grant(store, key));
    proxy[cut](decide);
    await store.settle(record(key));
    expect((await direct().claim(asking(key))).kind).toBe('stored');
    await reconnected(() => store.renew(lease, 60_000));
    proxy[cut](decide);
    await store.invalidate([key]);
    expect((await direct().claim(asking(key))).kind).toBe('granted');
  });

  test('cut off before MULTI, what was watched is forgotten and the claim made all the same', async () => {
    const store = await open();
    proxy.cutBefore(mechanism === 'watch' ? 'MULTI' : key);
    leaseIn(await store.claim(asking(key)));
  });

  test('a lost reply that nobody can find out about rejects after twice the deadline', async () => {
    const clock = new FakeClock();
    const { store } = openStore({ url: proxy.url, mechanism, deadlineMs: 100 }, clock);
    const lease = await grant(store, key);
    proxy.blackhole('down');
    const settled = { claim: false };
    const claim = rejection(store.claim(asking(`${key}:new`))).finally(() => {
      settled.claim = true;
    });
    const others = [store.commit(lease, record(key)), store.invalidate([key])].map(rejection);
    await clock.advanceAsync(190);
    expect(settled.claim).toBe(false);
    await clock.advanceAsync(20);
    for (const error of await Promise.all([claim, ...others]))
      expect(String(error)).toMatch(/^BackendError: RedisCache failed to .*: no answer within 100 ms/);
  });

  test('what was never sent is not asked for again', async () => {
    const store = await open(100);
    await proxy.close();
    // What is under way when the connection goes may have been sent.
    await rejection(store.claim(asking(key)));
    const since = performance.now();
    expect(String(await rejection(store.claim(asking(key))))).toMatch(/no connection/);
    expect(performance.now() - since).toBeLessThan(90);
  });
});
