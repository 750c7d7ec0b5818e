import { afterAll, describe, expect, jest, test } from '@jest/globals';
import { RedisCache } from '@recollect/redis';
import { sharedBackendContract } from '@recollect/testing';
import { type ClusterNode, type OwnCluster, startCluster, whyNoRedisBinary } from '@recollect/testing/redis';
import { BackendError, type SharedRecord } from 'recollect';
import { keySlot } from '../../src/route/key-slot.js';
import type { Work } from '../../src/route/route.js';
import { runChild } from '../support/child.js';
import { describeWithServers } from '../support/describe-with-servers.js';
import { openCache } from '../support/open-cache.js';
import { bytes, collect, eventually, rejection } from '../support/operations.js';
import { testContext } from '../support/test-context.js';
import { openRoute } from './support/open-route.js';
import { keysAt, keysAtEach, mastersOf, openOnCluster } from './support/own-cluster-cache.js';

jest.setTimeout(20_000);

const hasServers = (await whyNoRedisBinary()) === undefined;
const cluster = hasServers
  ? await startCluster({ replicasPerMaster: 0 })
  : (undefined as never as OwnCluster);
afterAll(() => cluster?.stop());

const PATIENT = { deadlineMs: 5_000 };
const MINUTE = 60_000;
const textOf = (record: SharedRecord | undefined) => record && Buffer.from(record.data).toString();
const recordOf = (key: string, text = key) => ({ key, data: bytes(text), ttlMs: MINUTE });
/** A slot of the first master, which a test may move. */
const tag = '{moving}';

describeWithServers('a cluster', () => {
  const create = () => new RedisCache({ cluster: { nodes: cluster.urls }, ...PATIENT }, testContext());
  sharedBackendContract({
    name: 'RedisCache on it',
    create,
    peer: create,
    prefix: 'contract:',
    runner: { describe, test },
  });

  test('counts slots as we do', async () => {
    for (const key of ['', 'foo', 'foo{}{bar}', '{a}b', 'foo{{bar}}zap', 'schön {ß}', '}{', '{}'])
      expect([key, await cluster.slotOf(key)]).toEqual([key, keySlot(key)]);
  });

  test('stores, reads and deletes on all masters at once, over one connection each', async () => {
    const { cache } = openOnCluster(cluster, PATIENT);
    const keys = keysAtEach(cluster, 'all:', 50);
    expect(await cache.write(keys.map((key) => recordOf(key)))).toBe(true);
    expect((await cache.read([...keys, 'all:none'])).map(textOf)).toEqual([...keys, undefined]);
    const [first = ''] = keys;
    expect(await cache.fill(recordOf(first, 'new'), bytes('other'))).toBe(false);
    expect(await cache.fill(recordOf(first, 'new'), bytes(first))).toBe(true);
    expect(await cache.deleteIfEqual(first, bytes(first))).toBe(false);
    expect(await cache.deleteIfEqual(first, bytes('new'))).toBe(true);
    expect(textOf({ data: await cache.add(recordOf(first, 'added')), ttlMs: 0 })).toBe('added');
    expect(await cache.delete([...keys, 'all:none'])).toBe(keys.length);
    expect(await cache.read(keys)).toEqual(keys.map(() => undefined));
  });

  test('lists and clears what is on any of its masters, and nothing else', async () => {
    const { cache } = openOnCluster(cluster, PATIENT);
    const keys = keysAtEach(cluster, 'walk:', 400);
    const others = keysAtEach(cluster, 'walks:', 3);
    await cache.write([...keys, ...others].map((key) => recordOf(key)));
    expect((await collect(cache.scan('walk:'))).sort()).toEqual([...keys].sort());
    expect(await cache.clear('walk:')).toBe(keys.length);
    expect(await collect(cache.scan('walk:'))).toEqual([]);
    expect(await cache.clear('walks:')).toBe(others.length);
  });

  test('clears keys that are no text', async () => {
    const { cache } = openOnCluster(cluster, PATIENT);
    const route = openRoute({ cluster: { nodes: cluster.urls }, ...PATIENT });
    // Both are the same text, and lie in different slots.
    const keys = [0xff, 0xfe].map((byte) => Buffer.concat([Buffer.from('binary:'), Buffer.from([byte])]));
    expect(new Set(keys.map(String)).size).toBe(1);
    for (const key of keys) {
      for (const walk of await route.walks())
        await walk.step((wire) => wire.sendCommand(['SET', key, 'x'])).catch(() => undefined);
    }
    expect(await cache.clear('binary:')).toBe(2);
  });

  test('that does not know the password is joined soon after it does', async () => {
    const setPassword = (word: string) =>
      Promise.all(
        cluster.nodes.map((node) =>
          node.command('ACL', 'SETUSER', 'app', 'reset', 'on', `>${word}`, '~*', '&*', '+@all'),
        ),
      );
    await setPassword('old');
    const { cache, context } = openOnCluster(cluster, { ...PATIENT, username: 'app', password: 'new' });
    for (let call = 0; call < 3; call++)
      expect(String(await rejection(cache.read(['k'])))).toMatch(/nobody says where to connect: .*WRONGPASS/);
    expect(cache.health()).toMatchObject({ ok: true, degraded: true });
    await setPassword('new');
    await eventually(() => cache.read(['k']));
    expect(context.reported).toHaveLength(1);
    expect(cache.health().degraded).toBe(false);
  });

  test('whose nodes all refuse the same is told of it once', async () => {
    for (const node of cluster.nodes)
      await node.command('ACL', 'SETUSER', 'app', 'reset', 'on', '>word', '~*', '&*', '+@all', '-@scripting');
    const account = { username: 'app', password: 'word', connectTimeoutMs: 2 ** 31 - 1 };
    const { cache, clock, reported } = openCache({ cluster: { nodes: cluster.urls }, ...account });
    const keys = keysAtEach(cluster, 'probe:', 1);
    await cache.read(keys);
    clock.advance(6_000);
    const probes = () =>
      Promise.all(cluster.nodes.map(async (node) => String(await node.command('INFO', 'commandstats'))));
    await eventually(async () => {
      for (const stats of await probes()) expect(stats).toMatch(/cmdstat_discard:/);
    });
    const reason = expect.stringMatching(/^scripts are not allowed/);
    await eventually(async () => expect(cache.health().reasons).toEqual([reason]));
    expect(reported.map(({ error }) => error)).toEqual([expect.objectContaining({ operation: 'probe' })]);
  });

  test('keeps no process alive that is idle, or that has closed it', async () => {
    const body = `
      const options = { cluster: { nodes: url.split(',') }, deadlineMs: 5_000 };
      const [idle, closed] = [new RedisCache(options, context), new RedisCache(options, context)];
      for (const cache of [idle, closed]) await cache.write([record('a'), record('b'), record('c')]);
      await closed.close();
      say('done');`;
    const { code, lines, stderr, lingeredMs } = await runChild(body, cluster.urls.join());
    expect({ code, lines, stderr }).toEqual({ code: 0, lines: ['done'], stderr: '' });
    expect(lingeredMs).toBeLessThan(1_000);
    const nobody = `
      const cache = new RedisCache({ cluster: { nodes: ['127.0.0.1:1'] } }, context);
      await cache.read(['k']).catch(() => say('failed'));`;
    expect(await runChild(nobody, '')).toMatchObject({ code: 0, lines: ['failed'] });
  });

  describe('while a slot moves', () => {
    const keys = Array.from({ length: 20 }, (_, index) => `${tag}${index}`);
    const get: (key: string) => Work<string> = (key) => async (wire) =>
      String(await wire.sendCommand(['GET', key]));

    async function open() {
      const { cache } = openOnCluster(cluster, PATIENT);
      const route = openRoute({ cluster: { nodes: cluster.urls }, ...PATIENT });
      await cache.write(keys.map((key) => recordOf(key)));
      await cluster.refresh();
      const from = await cluster.masterOf(tag);
      const to = mastersOf(cluster).find((node) => node !== from) as ClusterNode;
      return { cache, route, migration: await cluster.openMigration(tag, to) };
    }

    test('its keys are read, written, deleted and compared wherever they are', async () => {
      const { cache, migration } = await open();
      const moved = keys.slice(0, 10);
      await migration.move(...moved);
      for (const key of keys) expect([key, textOf((await cache.read([key]))[0])]).toEqual([key, key]);
      const [here, there] = [keys[19], keys[0]] as [string, string];
      for (const key of [here, there]) {
        expect(await cache.write([recordOf(key, 'written')])).toBe(true);
        expect(await cache.fill(recordOf(key, 'filled'), bytes('written'))).toBe(true);
        expect(await cache.fill(recordOf(key, 'again'), undefined)).toBe(false);
        expect(await cache.deleteIfEqual(key, bytes('filled'))).toBe(true);
        // Not there any more, so it is made where the slot is going.
        expect(textOf({ data: await cache.add(recordOf(key, 'added')), ttlMs: 0 })).toBe('added');
        expect(textOf((await cache.read([key]))[0])).toBe('added');
        expect(await cache.delete([key])).toBe(1);
      }
      await migration.finish();
      for (const key of keys.slice(1, 19)) expect(textOf((await cache.read([key]))[0])).toBe(key);
      expect(cache.health()).toMatchObject({ degraded: false });
    });

    test('a command with keys that are on both sides fails for now, and says nothing against the server', async () => {
      const { cache, migration } = await open();
      await migration.move(keys[0] as string);
      const both = [keys[0], keys[1]] as [string, string];
      for (let index = 0; index < 6; index++) {
        const error = await rejection(cache.read(both));
        expect(error).toBeInstanceOf(BackendError);
        expect(String(error)).toMatch(/TRYAGAIN/);
      }
      expect(cache.health()).toMatchObject({ degraded: false });
      const reading = cache.read(both);
      await migration.move(keys[1] as string);
      // Either within its three attempts, or a moment later.
      const records = await reading.catch(() => cache.read(both));
      expect(records.map(textOf)).toEqual(both);
      await migration.finish();
      expect((await cache.read(both)).map(textOf)).toEqual(both);
    });

    test('transactions go where the keys are, and are fenced there', async () => {
      const { route, migration } = await open();
      const moved = keys[0] as string;
      await migration.move(moved);
      const change =
        (intrude: boolean): Work<unknown> =>
        async (wire) => {
          await Promise.all([wire.sendCommand(['WATCH', moved]), wire.sendCommand(['GET', moved])]);
          if (intrude)
            await route.run(moved, 'write', 1, (other) => other.sendCommand(['SET', moved, 'theirs']));
          const sent = [['MULTI'], ['SET', moved, 'mine'], ['EXEC']].map((command) =>
            wire.sendCommand(command),
          );
          return (await Promise.all(sent)).at(-1);
        };
      expect(await route.alone(moved, 'write', 4, change(true))).toBeNull();
      expect(await route.run(moved, 'read', 0, get(moved))).toBe('theirs');
      expect(await route.alone(moved, 'write', 4, change(false))).not.toBeNull();
      expect(await route.run(moved, 'read', 0, get(moved))).toBe('mine');
      await migration.finish();
      expect(await route.run(moved, 'read', 0, get(moved))).toBe('mine');
      expect(await route.alone(moved, 'write', 4, change(false))).not.toBeNull();
    });

    test('everything is found again afterwards, at once and by one more question', async () => {
      const { cache, route, migration } = await open();
      const other = keysAt(migration.to, 'other:', 1)[0] as string;
      await route.run(other, 'read', 0, get(other));
      await migration.finish();
      expect((await cache.read(keys)).map(textOf)).toEqual(keys);
      await eventually(async () => expect(await cache.delete(keys)).toBe(keys.length));
    });
  });
});
