import { describe, expect, test } from '@jest/globals';
import type { Work } from '../../src/route/route.js';
import { atEnd } from '../support/open-cache.js';
import { eventually, rejection } from '../support/operations.js';
import { blob, NOTHING, ScriptedRedis } from '../support/scripted-redis.js';
import { openRoute } from './support/open-route.js';

const read: Work<string> = async (wire) => String(await wire.sendCommand(['GET', 'k']));
const write: Work<unknown> = (wire) => wire.sendCommand(['SET', 'k', 'v']);

async function openServer(name: string, role: 'master' | 'slave' = 'master') {
  const state = { role, isReadOnly: false, isSilent: false };
  const server = await ScriptedRedis.open(([command]) => {
    if (state.isSilent) return undefined;
    if (command === 'ROLE') return `*3\r\n${blob(state.role)}:0\r\n*0\r\n`;
    if (command === 'SET') return state.isReadOnly ? "-READONLY You can't write\r\n" : '+OK\r\n';
    return blob(name);
  });
  atEnd(() => server.close());
  return Object.assign(state, { server, url: server.url, address: new URL(server.url) });
}

type Named = { readonly address: URL } | undefined;

/** A sentinel that names whom the test wants. */
async function openSentinel(master: Named) {
  const state = { master, isSilent: false };
  const server = await ScriptedRedis.open(() => {
    if (state.isSilent) return undefined;
    if (state.master === undefined) return NOTHING;
    return `*2\r\n${blob(state.master.address.hostname)}${blob(state.master.address.port)}`;
  });
  atEnd(() => server.close());
  return Object.assign(state, { server, url: server.url });
}

const openWatched = (nodes: readonly string[], options: object = {}) =>
  openRoute({ sentinel: { name: 'shop', nodes }, deadlineMs: 5_000, ...options });

describe('sentinels', () => {
  test('are asked in turn by the name of the master: one that is silent or knows none holds nobody up', async () => {
    const master = await openServer('m');
    const [silent, ignorant, good] = await Promise.all([
      openSentinel(master),
      openSentinel(undefined),
      openSentinel(master),
    ]);
    silent.isSilent = true;
    const route = openWatched([silent.url, ignorant.url, good.url]);
    const since = performance.now();
    expect(await route.run('k', 'read', 0, read)).toBe('m');
    expect(performance.now() - since).toBeLessThan(1_000);
    expect(good.server.commands).toEqual([['SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'shop']]);
    expect(master.server.commands).toEqual([['ROLE'], ['GET', 'k']]);
  });

  test('of whom the last to answer is asked first the next time', async () => {
    const [one, other] = await Promise.all([openServer('one'), openServer('other')]);
    const [silent, good] = await Promise.all([openSentinel(one), openSentinel(one)]);
    silent.isSilent = true;
    const route = openWatched([silent.url, good.url]);
    await route.run('k', 'read', 0, read);
    good.master = other;
    const asked = silent.server.commands.length;
    await one.server.close();
    await eventually(async () => expect(await route.run('k', 'read', 0, read)).toBe('other'));
    expect(silent.server.commands).toHaveLength(asked);
  });

  test('who know no such master fail with what they say, once reported, and are asked again', async () => {
    const sentinel = await openSentinel(undefined);
    const route = openWatched([sentinel.url]);
    const error = await rejection(route.run('k', 'read', 0, read));
    expect(String(error)).toMatch(/nobody says where to connect: no master is called "shop" there/);
    expect(route.health()).toMatchObject({ degraded: true, reasons: ['no sentinel names the master'] });
    sentinel.master = await openServer('m');
    expect(await eventually(() => route.run('k', 'read', 0, read))).toBe('m');
    expect(route.reported).toHaveLength(1);
    expect(route.health().degraded).toBe(false);
  });
});

test('sentinels are asked about once a second while there are operations, and not while there are none', async () => {
  const [old, young] = await Promise.all([openServer('old'), openServer('young')]);
  const sentinel = await openSentinel(old);
  const route = openWatched([sentinel.url]);
  for (let calls = 0; calls < 100; calls++) await route.run('k', 'read', 0, read);
  expect(sentinel.server.commands).toHaveLength(1);
  // The old master is well, and goes on answering.
  sentinel.master = young;
  await new Promise((resolve) => setTimeout(resolve, 1_300));
  expect(sentinel.server.commands).toHaveLength(1);
  await eventually(async () => expect(await route.run('k', 'read', 0, read)).toBe('young'));
  expect(sentinel.server.commands).toHaveLength(2);
});

describe('a server that is named as the master', () => {
  test('and calls itself a replica is not used until it is one', async () => {
    const late = await openServer('late', 'slave');
    const sentinel = await openSentinel(late);
    const route = openWatched([sentinel.url]);
    const error = await rejection(route.run('k', 'read', 0, read));
    expect(String(error)).toMatch(/the server that is said to be the master calls itself a slave/);
    expect(late.server.commands).toEqual([['ROLE']]);
    late.role = 'master';
    expect(await eventually(() => route.run('k', 'read', 0, read))).toBe('late');
  });

  test('and may not be asked for its role is used', async () => {
    const server = await ScriptedRedis.open(([command]) =>
      command === 'ROLE' ? '-NOPERM this user has no permissions\r\n' : blob('m'),
    );
    atEnd(() => server.close());
    const sentinel = await openSentinel({ address: new URL(server.url) });
    expect(await openWatched([sentinel.url]).run('k', 'read', 0, read)).toBe('m');
  });

  test('and accepts no writes is read from until the sentinels name another', async () => {
    const [old, young] = await Promise.all([openServer('old'), openServer('young')]);
    const sentinel = await openSentinel(old);
    const route = openWatched([sentinel.url]);
    expect(await route.run('k', 'write', 1, write)).toBe('OK');
    old.isReadOnly = true;
    const asked = sentinel.server.commands.length;
    expect(String(await rejection(route.run('k', 'write', 1, write)))).toMatch(/READONLY/);
    await eventually(async () => expect(sentinel.server.commands.length).toBeGreaterThan(asked + 1));
    expect(await route.run('k', 'read', 0, read)).toBe('old');
    sentinel.master = young;
    await eventually(async () => expect(await route.run('k', 'read', 0, read)).toBe('young'));
    expect(await route.run('k', 'write', 1, write)).toBe('OK');
    await eventually(async () => expect(old.server.connected).toBe(0));
  });

  test('is doubted as well when it refuses a transaction', async () => {
    const [old, young] = await Promise.all([openServer('old'), openServer('young')]);
    const sentinel = await openSentinel(old);
    const route = openWatched([sentinel.url]);
    old.isReadOnly = true;
    expect(String(await rejection(route.alone('k', 'write', 1, write)))).toMatch(/READONLY/);
    sentinel.master = young;
    expect(await eventually(() => route.alone('k', 'write', 1, write))).toBe('OK');
  });

  test('and is silent is left as soon as another is named, not when the attempt to reach it ends', async () => {
    const [old, young] = await Promise.all([openServer('old'), openServer('young')]);
    const sentinel = await openSentinel(old);
    const route = openWatched([sentinel.url], { deadlineMs: 100, connectTimeoutMs: 20_000 });
    await route.run('k', 'read', 0, read);
    old.isSilent = true;
    for (let call = 0; call < 5; call++) await rejection(route.run('k', 'read', 0, read));
    sentinel.master = young;
    await eventually(async () => expect(await route.run('k', 'read', 0, read)).toBe('young'));
  });
});
