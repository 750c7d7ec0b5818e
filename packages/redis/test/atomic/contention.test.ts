import { expect, test } from '@jest/globals';
import { startProxy } from '@recollect/testing/proxy';
import { testRedisUrl, uniquePrefix } from '@recollect/testing/redis';
import { createClient } from '@redis/client';
import { BackendError } from 'recollect';
import { News } from '../../src/atomic/news.js';
import { WatchMechanism } from '../../src/atomic/watch-mechanism.js';
import type { Wire } from '../../src/wire.js';
import { atEnd } from '../support/open-cache.js';
import { bytes, eventually, rejection } from '../support/operations.js';
import { NOTHING, ScriptedRedis } from '../support/scripted-redis.js';
import { testContext } from '../support/test-context.js';
import { asking, grant, leaseIn, openStore } from './support/store.js';

const prefix = uniquePrefix('contention');

/** A server on which somebody else changes every key between the look and the change. */
async function openContested() {
  const server = await ScriptedRedis.open(([name]) => {
    if (name === 'MGET') return `*3\r\n${NOTHING.repeat(3)}`;
    if (name === 'PTTL') return ':-2\r\n';
    if (name === 'SET') return '+QUEUED\r\n';
    return name === 'EXEC' ? NOTHING : '+OK\r\n';
  });
  atEnd(() => server.close());
  return { server, ...openStore({ url: server.url, mechanism: 'watch', deadlineMs: 1_000 }) };
}

test('a key that others change in each of five attempts is given up, with an error that says so', async () => {
  const { server, store } = await openContested();
  const error = (await rejection(store.claim(asking('k')))) as BackendError;
  expect(error).toBeInstanceOf(BackendError);
  expect((error.cause as Error).name).toBe('ContentionError');
  expect(error.message).toBe('RedisCache failed to claim: others changed the key in all 5 attempts');
  expect(server.commands.filter(([name]) => name === 'EXEC')).toHaveLength(5);
});

test('contention says nothing of the server: no breaker opens', async () => {
  const { server, store, reported } = await openContested();
  for (let times = 1; times <= 6; times++) {
    await rejection(store.claim(asking('k')));
    expect(server.commands.filter(([name]) => name === 'EXEC')).toHaveLength(5 * times);
  }
  expect(reported).toEqual([]);
});

test.each(['MGET', 'EXEC'])(
  'who is told in %s that nobody waits any more sends nothing else',
  async (last) => {
    const { clock, report } = testContext();
    const call = { isSent: true, isOver: false };
    const sent: unknown[] = [];
    const wire: Wire = {
      async sendCommand([name]) {
        sent.push(name);
        if (name === last) call.isOver = true;
        if (name === 'MGET') return [null, null, null];
        if (name === 'PTTL') return -2;
        return name === 'EXEC' ? null : 'OK';
      },
    };
    const mechanism = new WatchMechanism(new News(() => 'Test', { clock, report }), clock);
    expect(String(await rejection(mechanism.claim(wire, asking('k'), call)))).toMatch(/nobody waits/);
    expect(sent.at(-1)).toBe(last);
  },
);

test('of many who want a key at the same time one gets it, and nobody fails', async () => {
  const stores = Array.from({ length: 4 }, () => {
    return openStore({ url: testRedisUrl(), mechanism: 'watch', deadlineMs: 5_000 }).store;
  });
  for (let round = 0; round < 20; round++) {
    const claims = stores.flatMap((store) =>
      Array.from({ length: 8 }, () => store.claim(asking(`${prefix}${round}`))),
    );
    const kinds = (await Promise.all(claims)).map(({ kind }) => kind);
    expect(kinds.sort()).toEqual([...Array(31).fill('busy'), 'granted']);
  }
});

test.each([
  ['a claim', 'mget'],
  ['a commit', 'get'],
])('a connection killed between WATCH and EXEC costs %s no more than a retry', async (what, command) => {
  const key = `${prefix}${what}`;
  const { hostname: host, port } = new URL(testRedisUrl());
  const proxy = await startProxy({ host, port: Number(port) });
  atEnd(() => proxy.close());
  const { store } = openStore({ url: proxy.url, mechanism: 'watch', deadlineMs: 2_000 });
  const lease = await grant(store, key);
  const admin = await createClient({ url: testRedisUrl() }).connect();
  atEnd(() => admin.close());
  const id = /id=(\d+)[^\n]*cmd=exec/;
  const [, watching = ''] = id.exec(await admin.sendCommand<string>(['CLIENT', 'LIST'])) ?? [];
  expect(watching).not.toBe('');
  // What the server has answered is 30 ms away from the client, and MULTI as far from the server.
  proxy.delay(30);
  const underWay =
    command === 'get'
      ? store.commit(lease, { key, data: bytes('x'), ttlMs: 60_000 })
      : store.claim(asking(`${key}:new`)).then(leaseIn);
  await eventually(async () => {
    const list = await admin.sendCommand<string>(['CLIENT', 'LIST', 'ID', watching]);
    expect(list).toMatch(new RegExp(`cmd=${command} `));
  });
  await admin.sendCommand(['CLIENT', 'KILL', 'ID', watching]);
  const outcome = await underWay;
  if (command === 'get') expect(outcome).toBe('stored');
});
