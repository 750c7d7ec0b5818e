import { afterAll, afterEach, describe, expect, jest, test } from '@jest/globals';
import type { FoundRedis } from '@recollect/testing/redis';
import type { RedisCacheOptions } from '../src/options.js';
import { openScene, processOf, SLOWEST_MS, tellServer } from './support/fault-scene.js';
import { bytes, eventually, rejection } from './support/operations.js';
import { startOwnRedis } from './support/own-redis.js';
import { traffic } from './support/traffic.js';

jest.setTimeout(20_000);

const own = await startOwnRedis();
const url = own?.url ?? '';
/** In a container its number is not one of ours. */
const hasProcess = own !== undefined && own.source !== 'docker';
let scene: Awaited<ReturnType<typeof openScene>> | undefined;

async function open(options?: RedisCacheOptions) {
  scene = await openScene(url, options);
  return scene;
}

afterEach(async () => {
  await scene?.close();
  scene = undefined;
});
afterAll(() => own?.stop());

(hasProcess ? describe : describe.skip)('a server whose process', () => {
  test('is frozen costs each call its deadline at most, and is used again when it goes on', async () => {
    const { cache, read, recovered } = await open();
    const pid = await processOf(url);
    process.kill(pid, 'SIGSTOP');
    try {
      const { calls, failed, slowest } = await traffic(read, 1_500);
      expect(failed).toBe(calls);
      expect(slowest).toBeLessThan(SLOWEST_MS);
      expect(cache.health()).toMatchObject({ ok: true, degraded: true });
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    expect(await recovered()).toBeLessThan(4_000);
  });

  test('is killed fails what is under way at once; another in its place is used', async () => {
    const victim = (await startOwnRedis()) as FoundRedis;
    const { proxy, cache, read, record, recovered } = await open();
    const { hostname: host, port } = new URL(victim.url);
    proxy.redirect({ host, port: Number(port) });
    proxy.cut();
    await recovered();
    const killed = traffic(read, 600);
    process.kill(await processOf(victim.url), 'SIGKILL');
    const { failed, slowest } = await killed;
    expect(failed).toBeGreaterThan(0);
    expect(slowest).toBeLessThan(SLOWEST_MS);
    expect(cache.health().reasons).toContain('no connection');
    const home = new URL(url);
    proxy.redirect({ host: home.hostname, port: Number(home.port) });
    expect(await recovered()).toBeLessThan(5_000);
    expect(await cache.delete([record.key])).toBe(1);
    await victim.stop();
  });
});

(own === undefined ? describe.skip : describe)('a server that', () => {
  test.each(['ALL', 'WRITE'])(
    'pauses its clients (%s) costs each call its deadline at most',
    async (mode) => {
      const { cache, read, record, recovered } = await open();
      await tellServer(url, 'CLIENT', 'PAUSE', '1200', mode);
      const write = () => cache.write([record]);
      const [reads, writes] = await Promise.all([traffic(read, 1_000), traffic(write, 1_000)]);
      expect(writes.failed).toBe(writes.calls);
      expect(Math.max(reads.slowest, writes.slowest)).toBeLessThan(SLOWEST_MS);
      expect(await recovered()).toBeLessThan(5_000);
    },
  );

  test('kills its clients again and again never answers wrong, and is used again', async () => {
    const { proxy, read, recovered } = await open();
    const storm = traffic(read, 1_500);
    for (let kills = 0; kills < 15; kills += 1) {
      await tellServer(url, 'CLIENT', 'KILL', 'TYPE', 'normal');
      await new Promise((resolve) => setTimeout(resolve, 80));
    }
    const { slowest } = await storm;
    expect(slowest).toBeLessThan(SLOWEST_MS);
    expect(proxy.accepted).toBeGreaterThan(5);
    expect(await recovered()).toBeLessThan(5_000);
  });

  test('is full serves every hit, deletes, and is sent no writes', async () => {
    const { cache, read, record, recovered } = await open({ deadlineMs: 400 });
    const others = ['fault:a', 'fault:b'].map((key) => ({ ...record, key }));
    await cache.write(others);
    await tellServer(url, 'CONFIG', 'SET', 'maxmemory', '1');
    try {
      const write = () => cache.write([{ ...record, data: bytes('newer') }]);
      // Nothing but writes at first: no read that succeeds in between hides that theirs is no fault of reads.
      for (let index = 0; index < 10; index += 1) await rejection(write());
      const [reads, writes] = await Promise.all([traffic(read, 500), traffic(write, 500)]);
      expect(reads.failed).toBe(0);
      expect(writes.failed).toBe(writes.calls);
      const { reasons } = cache.health();
      expect(reasons.join()).toMatch(/writes/);
      expect(reasons.join()).not.toMatch(/reads/);
      expect(await cache.delete(['fault:a'])).toBe(1);
      expect(await cache.deleteIfEqual('fault:b', record.data)).toBe(true);
      expect(await cache.clear('fault:')).toBe(1);
    } finally {
      await tellServer(url, 'CONFIG', 'SET', 'maxmemory', '0');
    }
    expect(await recovered()).toBeLessThan(5_000);
  });
});

(own === undefined ? describe.skip : describe)('a network that', () => {
  test('is slow within the deadline is waited for', async () => {
    const { proxy, read } = await open({ deadlineMs: 2_000 });
    proxy.delay(20);
    const { failed } = await traffic(read, 300);
    expect(failed).toBe(0);
  });

  test('is slower than the deadline is given up', async () => {
    const { proxy, cache, read, recovered } = await open();
    proxy.delay(150);
    const { calls, failed, slowest } = await traffic(read, 1_000);
    expect(failed).toBe(calls);
    expect(slowest).toBeLessThan(SLOWEST_MS);
    expect(cache.health().degraded).toBe(true);
    proxy.heal();
    expect(await recovered()).toBeLessThan(5_000);
  });

  test.each(['up', 'down', 'both'] as const)('goes dark (%s): another connection is dialled', async (way) => {
    const { proxy, read, recovered } = await open();
    await read();
    const { accepted } = proxy;
    proxy.blackhole(way);
    const dark = traffic(read, 700);
    await eventually(async () => expect(proxy.accepted).toBeGreaterThan(accepted));
    const { calls, failed, slowest } = await dark;
    expect(failed).toBe(calls);
    expect(slowest).toBeLessThan(SLOWEST_MS);
    proxy.heal();
    expect(await recovered()).toBeLessThan(5_000);
  });
});
