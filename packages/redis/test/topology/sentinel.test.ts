import { afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { RedisCache, type RedisCacheOptions } from '@recollect/redis';
import { sharedBackendContract } from '@recollect/testing';
import { type OwnSentinels, type OwnServer, startSentinels } from '@recollect/testing/redis';
import { describeWithServers } from '../support/describe-with-servers.js';
import { atEnd } from '../support/open-cache.js';
import { bytes, collect, eventually, rejection } from '../support/operations.js';
import { testContext } from '../support/test-context.js';
import { Pulse } from './support/pulse.js';

jest.setTimeout(60_000);

/** Longer than usual, as the machine may be busy with other things. */
const DEADLINE_MS = 400;
/** What a call may take. */
const SLOWEST_MS = DEADLINE_MS + 70;
const record = { key: 'sentinel:k', data: bytes('there'), ttlMs: 600_000 };
const pulses: Pulse[] = [];

afterEach(async () => {
  for (const pulse of pulses.splice(0)) await pulse.stop();
});

describeWithServers('a master behind sentinels', () => {
  let healthy: OwnSentinels;
  beforeAll(async () => {
    healthy = await startSentinels();
    return () => healthy.stop();
  });

  const optionsOf = (watched: OwnSentinels, more: RedisCacheOptions): RedisCacheOptions => ({
    sentinel: { name: watched.name, nodes: watched.sentinels },
    ...more,
  });
  const create = () => new RedisCache(optionsOf(healthy, { deadlineMs: 5_000 }), testContext());
  sharedBackendContract({
    name: 'RedisCache on it',
    create,
    peer: create,
    prefix: 'contract:',
    runner: { describe, test },
  });

  /** A cache, with reads going on. */
  async function open(watched: OwnSentinels, more: RedisCacheOptions = {}) {
    const context = testContext();
    const cache = new RedisCache(optionsOf(watched, { deadlineMs: DEADLINE_MS, ...more }), context);
    atEnd(() => cache.close());
    const master = await watched.master();
    await eventually(() => cache.write([record]));
    await eventually(async () => expect(await master.command('WAIT', '1', '100')).toBe(1));
    const pulse = new Pulse(async () => {
      const [found] = await cache.read([record.key]);
      if (found === undefined || Buffer.from(found.data).toString() !== 'there') throw new Error('not there');
    });
    pulses.push(pulse);
    await pulse.good();
    return { cache, context, master, pulse };
  }

  test('that takes no writes for a while is read from all the time, and written to again', async () => {
    const { cache, master, pulse } = await open(healthy, {
      breaker: { openMs: 100, longestOpenMs: 100 },
    });
    const [replica] = await healthy.replicas();
    // Of itself, which no sentinel has asked for yet.
    await master.command('REPLICAOF', '127.0.0.1', String(replica?.port));
    try {
      await eventually(async () =>
        expect(String(await rejection(cache.write([record])))).toMatch(/READONLY/),
      );
    } finally {
      await master.command('REPLICAOF', 'NO', 'ONE');
    }
    await eventually(() => cache.write([record]));
    expect((await pulse.stop()).failures).toEqual([]);
  });

  test.each(['frozen', 'killed', 'told to step down'] as const)(
    'that is %s costs calls their deadline, and nothing once there is another',
    async (fate) => {
      // Of their own: a master that was lost is not a replica again, with all the data, before ten seconds.
      const isLost = fate !== 'told to step down';
      const watched = isLost ? await startSentinels({ 'down-after-milliseconds': 500 }) : healthy;
      if (isLost) atEnd(() => watched.stop());
      const { cache, context, master, pulse } = await open(watched);
      let next: OwnServer;
      if (fate === 'told to step down') next = await watched.failover();
      else {
        if (fate === 'frozen') master.freeze();
        else await master.kill();
        next = await watched.masterOtherThan(master);
      }
      const decidedAt = performance.now();
      const followedMs = (await pulse.good(5, decidedAt)) - decidedAt;
      expect(followedMs).toBeLessThan(1_000);
      expect((await pulse.stop()).slowestMs).toBeLessThan(SLOWEST_MS);
      await eventually(async () => {
        await cache.write([{ ...record, key: 'sentinel:new' }]);
        expect(await next.command('EXISTS', 'sentinel:new')).toBe(1);
      });
      expect((await collect(cache.scan('sentinel:'))).sort()).toEqual(['sentinel:k', 'sentinel:new']);
      await eventually(async () =>
        expect(cache.health()).toEqual({ ok: true, degraded: false, reasons: [] }),
      );
      const lost = context.reported.filter(({ error }) => /failed to connect/.test(String(error)));
      expect(lost.length).toBeLessThanOrEqual(1);
    },
  );
});
