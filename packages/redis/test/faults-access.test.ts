import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { type OwnServer, startServer, uniquePrefix } from '@recollect/testing/redis';
import { MOST_ADDED_MS, openDecorated } from './support/decorated-scene.js';
import { describeWithServers } from './support/describe-with-servers.js';
import { eventually } from './support/operations.js';

jest.setTimeout(60_000);

const FINE = { failed: 0, wrong: 0 };
const LOGIN = { username: 'app', password: 'word' };
/** By default a server that refused us is left alone for half a minute. */
const HASTY = { ...LOGIN, breaker: { refusedMs: 300 } };
let server: OwnServer;
const scenes: ReturnType<typeof openDecorated>[] = [];
const open = (...options: Parameters<typeof openDecorated>) => {
  const scene = openDecorated(...options);
  scenes.push(scene);
  return scene;
};
const setUser = (...rules: string[]) =>
  server.command('ACL', 'SETUSER', 'app', 'reset', 'on', '>word', ...rules);

beforeAll(async () => {
  server = await startServer();
});
afterEach(async () => {
  for (const scene of scenes.splice(0)) await scene.close();
});
afterAll(() => server?.stop());

describeWithServers('a user of the server', () => {
  test.each([
    ['nothing at all', ['~*', '&*', '-@all']],
    ['nothing with our keys', ['~other:*', '&*', '+@all']],
    ['all but write', ['~*', '&*', '+@all', '-@write']],
    ['all but read', ['~*', '&*', '+@all', '-@read']],
  ])('F18: who may do %s: every call works, and the failures say why', async (_, rules) => {
    await setUser(...rules);
    const scene = open(server.url, HASTY);
    // The first ones wait for the connection.
    expect(await scene.drive(100)).toMatchObject(FINE);
    const calls = await scene.drive(600);
    expect(calls).toMatchObject(FINE);
    expect(calls.slowest).toBeLessThan(MOST_ADDED_MS);
    expect(scene.complaints()).toContain('NOPERM');
    expect(scene.cache.health()).toMatchObject({ ok: true, degraded: true });
    const outcomes = [await scene.find.invalidate(1), await scene.find.invalidateAll()];
    expect(outcomes.every(({ local }) => local === 'none')).toBe(true);
    expect(await scene.drive(300)).toMatchObject(FINE);
  });

  test.each([
    ['transactions', ['~*', '&*', '+@all', '-@transaction']],
    ['channels', ['~*', 'resetchannels', '+@all']],
    ['scripts', ['~*', '&*', '+@all', '-@scripting']],
  ])('F18: who may do all but %s loses nothing while nothing was invalidated', async (_, rules) => {
    await setUser(...rules);
    const scene = open(server.url, HASTY);
    await scene.warm();
    await scene.served();
    expect(scene.complaints()).not.toContain('NOPERM');
    expect(await scene.find.invalidate(1)).toEqual({ local: 'none', shared: 'done' });
    expect(await scene.drive(300)).toMatchObject(FINE);
  });

  test('F18: who may only read is served what others store, as soon as it is known that he may', async () => {
    const namespace = uniquePrefix('reader');
    await open(server.url, {}, namespace).warm();
    await setUser('~*', '&*', '+@all', '-@write');
    const reader = open(server.url, HASTY, namespace);
    await reader.served();
    expect(await reader.find.invalidate(1)).toEqual({ local: 'none', shared: 'failed' });
    await reader.served();
    expect(reader.cache.health().reasons.join()).toMatch(/writes are not sent: the store refuses us/);
  });

  test('F18: who may not run scripts has a shared tier after an invalidation', async () => {
    await setUser('~*', '&*', '+@all', '-@scripting');
    const scene = open(server.url, LOGIN);
    await scene.warm();
    await scene.find.invalidate(1);
    await scene.drive(300);
    await scene.served((at) => 2 + (at % 10), 3_000);
  });
});

describeWithServers('a password', () => {
  const joins = async (scene: ReturnType<typeof openDecorated>) => {
    const since = performance.now();
    const joined = scene.recovered(30_000);
    expect(await scene.drive(joined)).toMatchObject(FINE);
    return performance.now() - since;
  };

  test('F19: that is wrong keeps nothing from working; put right, it is noticed', async () => {
    await server.command('ACL', 'SETUSER', 'app', 'reset', 'on', '>other', '~*', '&*', '+@all');
    const scene = open(server.url, LOGIN);
    expect(await scene.drive(100)).toMatchObject(FINE);
    const before = await scene.drive(600);
    expect(before).toMatchObject(FINE);
    expect(before.loads).toBeGreaterThan(before.calls / 2);
    expect(before.slowest).toBeLessThan(MOST_ADDED_MS);
    expect(scene.complaints()).toContain('WRONGPASS');
    await server.command('ACL', 'SETUSER', 'app', '>word');
    const ms = await joins(scene);
    // A connection is dialled anew after two seconds at most.
    expect(ms).toBeLessThan(5_000);
  });

  test('F19: that is changed under a running cache: the same', async () => {
    await setUser('~*', '&*', '+@all');
    const scene = open(server.url, LOGIN);
    await scene.warm();
    await server.command('ACL', 'SETUSER', 'app', 'resetpass', '>changed');
    await server.command('CLIENT', 'KILL', 'USER', 'app');
    await eventually(async () => expect(scene.cache.health().degraded).toBe(true));
    expect(await scene.drive(400)).toMatchObject(FINE);
    await server.command('ACL', 'SETUSER', 'app', '>word');
    expect(await joins(scene)).toBeLessThan(5_000);
    await scene.served();
  });

  test('F19: whose user may do nothing for a while under open connections: the same', async () => {
    await setUser('~*', '&*', '+@all');
    const scene = open(server.url, HASTY);
    await scene.warm();
    await server.command('ACL', 'SETUSER', 'app', '-@all');
    expect(await scene.drive(400)).toMatchObject(FINE);
    expect(scene.cache.health().reasons.join()).toContain('refuses us');
    await server.command('ACL', 'SETUSER', 'app', '+@all');
    expect(await joins(scene)).toBeLessThan(5_000);
  });
});
