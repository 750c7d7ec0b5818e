import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { type OwnSentinels, startSentinels, uniquePrefix } from '@recollect/testing/redis';
import { describeWithServers } from '../support/describe-with-servers.js';
import { bytes, eventually } from '../support/operations.js';
import { asking, grant, MECHANISMS, openStore } from './support/store.js';

jest.setTimeout(60_000);

let sentinels: OwnSentinels;

describeWithServers('behind sentinels', () => {
  beforeAll(async () => {
    sentinels = await startSentinels();
  });
  afterAll(() => sentinels?.stop());

  describe.each(MECHANISMS)('by %s', (mechanism) => {
    const open = () => {
      const { name, sentinels: nodes } = sentinels;
      return openStore({ sentinel: { name, nodes }, mechanism, deadlineMs: 2_000 }).store;
    };

    test('leases and news go on with another master', async () => {
      const key = uniquePrefix('failover');
      const [here, there] = [open(), open()];
      let heard = 0;
      const hears = (count: number) => eventually(async () => expect(heard).toBeGreaterThanOrEqual(count));
      for (const [at, store] of [here, there].entries()) await grant(store, `${key}:${at}`);
      here.listen(key, () => {
        heard += 1;
      });
      await hears(1);
      const old = await sentinels.master();
      await old.kill();
      await sentinels.masterOtherThan(old);
      const lease = await eventually(() => grant(there, key, { mode: 'at_most_once', numbered: true }));
      await eventually(() => here.claim(asking(key)));
      await hears(2);
      const before = heard;
      expect(await there.commit(lease, { key, data: bytes('x'), ttlMs: 60_000 })).toBe('stored');
      await hears(before + 1);
      expect((await eventually(() => here.claim(asking(key)))).kind).toBe('stored');
      await old.restart();
    });
  });
});
