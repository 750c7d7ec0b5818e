import { afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { type ClusterNode, type OwnCluster, startCluster } from '@recollect/testing/redis';
import { describeWithServers } from '../support/describe-with-servers.js';
import { atEnd } from '../support/open-cache.js';
import { bytes, collect, eventually } from '../support/operations.js';
import { keysAt, mastersOf, openOnCluster } from './support/own-cluster-cache.js';
import { Pulse } from './support/pulse.js';

jest.setTimeout(60_000);

/** Longer than usual, as the machine may be busy with other things. */
const DEADLINE_MS = 400;
/** What a call may take. */
const SLOWEST_MS = DEADLINE_MS + 70;
const pulses: Pulse[] = [];

afterEach(async () => {
  for (const pulse of pulses.splice(0)) await pulse.stop();
});

describeWithServers('a master of a cluster', () => {
  let cluster: OwnCluster;
  beforeAll(async () => {
    cluster = await startCluster();
    return () => cluster.stop();
  });

  /** A cache, with reads at each master going on. */
  async function open() {
    await cluster.settled();
    await cluster.refresh();
    const masters = mastersOf(cluster);
    const [victim] = masters as [ClusterNode];
    const { cache, context } = openOnCluster(cluster, { deadlineMs: DEADLINE_MS });
    const keys = masters.map((master) => keysAt(master, 'failover:', 1)[0] as string);
    const writeAll = () => cache.write(keys.map((key) => ({ key, data: bytes(key), ttlMs: 600_000 })));
    await eventually(writeAll);
    await victim.command('WAIT', '1', '2000');
    const read = (key: string) => async () => {
      const [record] = await cache.read([key]);
      if (record === undefined || Buffer.from(record.data).toString() !== key) throw new Error('not there');
    };
    const [own, ...others] = keys.map((key) => new Pulse(read(key))) as [Pulse, ...Pulse[]];
    pulses.push(own, ...others);
    await own.good();
    return { cache, context, victim, keys, own, others, writeAll };
  }

  /** Resolves when the survivors have given the slots to another. */
  async function decided(victim: ClusterNode, key: string): Promise<number> {
    for (;;) {
      await cluster.refresh();
      const owner = await cluster.masterOf(key).catch(() => victim);
      if (owner !== victim) return performance.now();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  test.each(['frozen', 'killed'] as const)(
    'that is %s costs its own slots their deadline, and nothing after another has them; the others nothing at all',
    async (fate) => {
      const { cache, context, victim, keys, own, others, writeAll } = await open();
      atEnd(async () => (fate === 'frozen' ? victim.thaw() : victim.restart()));
      const since = performance.now();
      if (fate === 'frozen') victim.freeze();
      else await victim.kill();
      const decidedAt = await decided(victim, keys[0] as string);
      const backAt = await own.good(5, decidedAt);
      const figures = { decidedMs: decidedAt - since, followedMs: backAt - decidedAt };
      expect(figures.followedMs).toBeLessThan(1_000);
      expect(figures.decidedMs).toBeLessThan(8_000);
      const [mine, ...theirs] = await Promise.all([own, ...others].map((pulse) => pulse.stop()));
      expect(mine?.slowestMs).toBeLessThan(SLOWEST_MS);
      for (const { failures, slowestMs } of theirs) {
        expect(failures).toEqual([]);
        expect(slowestMs).toBeLessThan(SLOWEST_MS);
      }
      expect(await writeAll()).toBe(true);
      expect((await collect(cache.scan('failover:'))).sort()).toEqual([...keys].sort());
      await eventually(async () =>
        expect(cache.health()).toEqual({ ok: true, degraded: false, reasons: [] }),
      );
      const lost = context.reported.filter(({ error }) => /failed to connect/.test(String(error)));
      expect(lost).toHaveLength(1);
      expect(String(lost[0]?.error)).toMatch(`RedisCache at 127.0.0.1:${victim.port} failed to connect`);
    },
  );
});
