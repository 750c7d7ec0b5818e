import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { RedisCache } from '@recollect/redis';
import { atomicStoreContract } from '@recollect/testing';
import { type OwnCluster, startCluster, uniquePrefix } from '@recollect/testing/redis';
import type { Lease } from 'recollect';
import { describeWithServers } from '../support/describe-with-servers.js';
import { bytes, eventually } from '../support/operations.js';
import { testContext } from '../support/test-context.js';
import { asking, grant, leaseIn, MECHANISMS, openStore } from './support/store.js';

jest.setTimeout(60_000);

let cluster: OwnCluster;
const nodes = () => cluster.urls.map((url) => url.replace('redis://', ''));

describeWithServers('a cluster', () => {
  beforeAll(async () => {
    cluster = await startCluster({ replicasPerMaster: 0 });
  });
  afterAll(() => cluster?.stop());

  for (const mechanism of MECHANISMS) {
    const create = () =>
      new RedisCache({ cluster: { nodes: nodes() }, mechanism, deadlineMs: 5_000 }, testContext());
    atomicStoreContract({
      name: `RedisCache in a cluster, by ${mechanism},`,
      create,
      peer: create,
      prefix: uniquePrefix(mechanism),
      runner: { describe, test },
    });
  }

  describe.each(MECHANISMS)('by %s', (mechanism) => {
    const open = () =>
      openStore({ cluster: { nodes: nodes() }, mechanism, deadlineMs: 2_000, breaker: false }).store;

    test.each([
      ['held', true],
      ['free', false],
    ])('while its slot moves a key that is %s is not granted twice', async (_, isHeld) => {
      const key = uniquePrefix('moving');
      const mode = 'at_most_once';
      const [first, second] = [open(), open()];
      const leases: Lease[] = isHeld ? [await grant(first, key, { mode })] : [];
      /** What lies half here and half there can be neither had nor lost: then it rejects. */
      const claimTwice = async () => {
        const claims = [first, second].map((store) => store.claim(asking(key, { mode })));
        for (const outcome of await Promise.allSettled(claims)) {
          if (outcome.status === 'rejected') expect(String(outcome.reason)).toMatch(/TRYAGAIN/);
          else if (outcome.value.kind === 'granted') leases.push(outcome.value.lease);
        }
      };
      const from = await cluster.masterOf(key);
      const to = cluster.nodes.find(({ id, role }) => role === 'master' && id !== from.id);
      if (to === undefined) throw new Error('no other master');
      const moving = await cluster.openMigration(key, to);
      await claimTwice();
      if (isHeld) await moving.move(`{${key}}@alive`);
      await claimTwice();
      await moving.move();
      await claimTwice();
      await moving.finish();
      await claimTwice();
      expect(leases).toHaveLength(1);
      const [lease] = leases as [Lease];
      const record = { key, data: bytes('x'), ttlMs: 60_000 };
      expect(await first.commit(lease, record)).toBe('stored');
      expect(await second.invalidate([key])).toBe(1);
      expect(leaseIn(await second.claim(asking(key, { mode }))).key).toBe(key);
      expect(await first.commit(lease, record)).toBe('lost');
    });

    test('who listens on any node hears of what is done on another', async () => {
      const [here, there] = [open(), open()];
      const key = uniquePrefix('heard');
      let heard = 0;
      here.listen(key, () => {
        heard += 1;
      });
      await eventually(async () => expect(heard).toBe(1));
      await there.settle({ key, data: bytes('x'), ttlMs: 60_000 });
      await eventually(async () => expect(heard).toBe(2));
    });
  });
});
