import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { type OwnSentinels, startSentinels } from '@recollect/testing/redis';
import { describeWithServers } from './support/describe-with-servers.js';
import { leftOf, ownChildren } from './support/processes.js';

jest.setTimeout(60_000);

describeWithServers('sentinels of our own', () => {
  let own: OwnSentinels;
  beforeAll(async () => {
    own = await startSentinels({ name: 'shop' });
  });
  afterAll(() => own?.stop());

  test('name the master to whoever asks, and know each other and the replicas', async () => {
    const master = await own.master();
    expect(own.servers).toHaveLength(2);
    expect(own.sentinels).toEqual(own.sentinelServers.map(({ port }) => ({ host: '127.0.0.1', port })));
    for (const sentinel of own.sentinelServers) {
      expect(await sentinel.command('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'shop')).toEqual([
        '127.0.0.1',
        String(master.port),
      ]);
      expect(String(await sentinel.command('SENTINEL', 'CKQUORUM', 'shop'))).toMatch(/^OK 3 usable/);
    }
  });

  test('replace the master when they are told to', async () => {
    const old = await own.master();
    await old.command('SET', 'k', 'v');
    await old.command('WAIT', '1', '1000');
    const next = await own.failover();
    expect(next).not.toBe(old);
    expect(await own.master()).toBe(next);
    expect(await own.replicas()).toEqual([old]);
    expect(await next.command('GET', 'k')).toBe('v');
    expect(await next.command('SET', 'k', 'w')).toBe('OK');
  });

  test('replace a master that was killed, also while one of them is away', async () => {
    const old = await own.master();
    await own.sentinelServers[0]?.kill();
    await old.kill();
    const next = await own.masterOtherThan(old);
    expect(await own.replicas()).toEqual([]);
    expect(await next.command('SET', 'k', 'v')).toBe('OK');
  });

  test('leave nothing behind', async () => {
    const home = dirname(own.servers[0]?.directory ?? '');
    expect(existsSync(home)).toBe(true);
    await own.stop();
    expect(await leftOf(home)).toEqual([]);
    expect(existsSync(home)).toBe(false);
    await own.stop();
  });
});

describeWithServers('sentinels that cannot be', () => {
  test('say why and leave nothing running', async () => {
    const before = await ownChildren();
    await expect(startSentinels({ name: 'two words' })).rejects.toThrow('did not start');
    expect(await ownChildren()).toEqual(before);
  });
});

test('no replica to replace the master by is refused', async () => {
  await expect(startSentinels({ replicas: 0 })).rejects.toThrow('sentinels 3, replicas 0; from 1 on');
});
