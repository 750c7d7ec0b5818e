import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { type OwnCluster, startCluster } from '@recollect/testing/redis';
import { describeWithServers } from './support/describe-with-servers.js';
import { leftOf, ownChildren } from './support/processes.js';

jest.setTimeout(60_000);

const KEY = '{tag}:k';

describeWithServers('a cluster of our own', () => {
  let cluster: OwnCluster;
  beforeAll(async () => {
    cluster = await startCluster({ settings: { maxmemory: '50mb' } });
  });
  afterAll(() => cluster?.stop());

  const otherThan = async (key: string) => {
    const owner = await cluster.masterOf(key);
    const other = cluster.nodes.find((node) => node.role === 'master' && node !== owner);
    if (other === undefined) throw new Error('there is only one master');
    return { owner, other };
  };

  test('has the masters and replicas that were asked for, all slots served and every replica ready', async () => {
    expect(cluster.nodes.map(({ role }) => role).sort()).toEqual([
      ...['master', 'master', 'master', 'replica', 'replica', 'replica'],
    ]);
    expect(cluster.urls).toEqual(cluster.nodes.map(({ url }) => url));
    const served = cluster.nodes.flatMap(({ slots }) => slots.map(([from, to]) => to - from + 1));
    expect(served.reduce((sum, count) => sum + count, 0)).toBe(16_384);
    const masters = cluster.nodes.filter(({ role }) => role === 'master');
    for (const { id } of masters)
      expect(cluster.nodes.filter(({ masterId }) => masterId === id)).toHaveLength(1);
    expect(await cluster.nodes[0]?.command('CONFIG', 'GET', 'maxmemory')).toEqual(['maxmemory', '52428800']);
  });

  test('says who serves a key, and who copies it', async () => {
    const owner = await cluster.masterOf(KEY);
    expect(await owner.command('SET', KEY, 'v')).toBe('OK');
    expect(await cluster.masterOf('{tag}:other')).toBe(owner);
    expect(await cluster.masterOf(await cluster.slotOf('tag'))).toBe(owner);
    expect((await cluster.replicaOf(KEY)).masterId).toBe(owner.id);
    const { other } = await otherThan(KEY);
    const slot = await cluster.slotOf(KEY);
    await expect(other.command('GET', KEY)).rejects.toThrow(`MOVED ${slot}`);
  });

  test('holds a migration open: ASK for what has gone, TRYAGAIN for halves; then gives the slot away', async () => {
    const { owner, other } = await otherThan(KEY);
    for (const name of ['a', 'b', 'c']) await owner.command('SET', `{tag}:${name}`, name);
    const migration = await cluster.openMigration(KEY, other);
    expect(await migration.move('{tag}:a')).toBe(1);
    await expect(owner.command('GET', '{tag}:a')).rejects.toThrow(/ASK \d+/);
    expect(await owner.command('GET', '{tag}:b')).toBe('b');
    await expect(owner.command('MGET', '{tag}:a', '{tag}:b')).rejects.toThrow('TRYAGAIN');
    expect(await cluster.masterOf(KEY)).toBe(owner);
    await migration.finish();
    expect(await cluster.masterOf(KEY)).toBe(other);
    expect(await other.command('MGET', '{tag}:a', '{tag}:b', '{tag}:c')).toEqual(['a', 'b', 'c']);
    await expect(owner.command('GET', '{tag}:a')).rejects.toThrow('MOVED');
  });

  test('takes a migration back', async () => {
    const { owner, other } = await otherThan(KEY);
    await owner.command('SET', '{tag}:back', 'there');
    const migration = await cluster.openMigration(KEY, other);
    expect(await migration.move()).toBeGreaterThan(0);
    await migration.cancel();
    expect(await owner.command('GET', '{tag}:back')).toBe('there');
    await expect(other.command('GET', '{tag}:back')).rejects.toThrow('MOVED');
  });

  test('moves a slot in one go, but not to where it is', async () => {
    const { owner, other } = await otherThan(KEY);
    await owner.command('SET', '{tag}:moved', 'v');
    await cluster.moveSlot(KEY, other);
    expect(await other.command('GET', '{tag}:moved')).toBe('v');
    await expect(cluster.moveSlot(KEY, other)).rejects.toThrow(
      `is at the node at port ${other.port} already`,
    );
  });

  test('replaces a frozen master, and takes it back as a replica', async () => {
    const owner = await cluster.masterOf(KEY);
    const replica = await cluster.replicaOf(KEY);
    owner.freeze();
    for (;;) if ((await cluster.masterOf(KEY)) !== owner) break;
    expect(await cluster.masterOf(KEY)).toBe(replica);
    owner.thaw();
    await cluster.settled();
    expect(owner.role).toBe('replica');
    expect(await cluster.replicaOf(KEY)).toBe(owner);
  });

  test('leaves nothing behind', async () => {
    const home = dirname(cluster.nodes[0]?.directory ?? '');
    expect(existsSync(home)).toBe(true);
    await cluster.stop();
    expect(await leftOf(home)).toEqual([]);
    expect(existsSync(home)).toBe(false);
    await cluster.stop();
  });
});

describeWithServers('a cluster without replicas', () => {
  test('of one master serves all slots', async () => {
    const cluster = await startCluster({ masters: 1, replicasPerMaster: 0 });
    expect(cluster.nodes.map(({ slots }) => slots)).toEqual([[[0, 16_383]]]);
    await expect(cluster.replicaOf('k')).rejects.toThrow('no replica of the node at port');
    await cluster.stop();
  });
});

describeWithServers('a cluster that cannot be', () => {
  test.each([
    [{ 'cluster-enabled': 'no' }, 'cluster support disabled'],
    [{ 'no-such-setting': 1 }, 'did not start'],
  ])('with the settings %p says why and leaves nothing running', async (settings, message) => {
    const before = await ownChildren();
    await expect(startCluster({ settings })).rejects.toThrow(message);
    expect(await ownChildren()).toEqual(before);
  });
});

test('a cluster of no masters is refused', async () => {
  await expect(startCluster({ masters: 0 })).rejects.toThrow(
    'masters 0, replicasPerMaster 1; from 1 and 0 on',
  );
});
