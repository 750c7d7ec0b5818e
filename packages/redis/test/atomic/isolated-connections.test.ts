import { beforeEach, expect, test } from '@jest/globals';
import { FakeClock, gate } from '@recollect/testing';
import { testRedisUrl, uniquePrefix } from '@recollect/testing/redis';
import type { Clock } from 'recollect';
import type { GuardOptions } from 'recollect/guard';
import { transact } from '../../src/atomic/transact.js';
import { redisTarget } from '../../src/redis-target.js';
import { IsolatedConnections } from '../../src/route/isolated-connections.js';
import type { Wire } from '../../src/wire.js';
import { atEnd } from '../support/open-cache.js';
import { eventually, rejection } from '../support/operations.js';
import { RedisProxy } from '../support/redis-proxy.js';
import { testContext } from '../support/test-context.js';

const prefix = uniquePrefix('isolated');
let proxy: RedisProxy;
let key: string;
let count = 0;

beforeEach(async () => {
  proxy = await RedisProxy.open(testRedisUrl());
  atEnd(() => proxy.down());
  count += 1;
  key = `${prefix}${count}`;
});

function open(isolatedConnections: number, limits: GuardOptions = { deadlineMs: 5_000 }, clock?: Clock) {
  const context = testContext(clock);
  const target = redisTarget({ url: proxy.url, isolatedConnections, closeTimeoutMs: 100 });
  const connections = new IsolatedConnections('Test', target, limits, context);
  atEnd(() => connections.close());
  const run = <T>(work: (wire: Wire) => Promise<T>) => connections.run('read', 0, work);
  return { connections, run, reported: context.reported };
}

const idOf = (wire: Wire) => wire.sendCommand(['CLIENT', 'ID']);
const change = (to: string) => open(1).run((wire) => wire.sendCommand(['SET', key, to, 'PX', '60000']));

test('lends each connection to one at a time, and opens no more than it needs or may', async () => {
  const { run } = open(3);
  expect(await run(idOf)).toBe(await run(idOf));
  expect(proxy.accepted).toBe(1);
  const gates = Array.from({ length: 5 }, () => gate());
  const ids: unknown[] = [];
  const lent = gates.map((each, at) =>
    run(async (wire) => {
      ids[at] = await idOf(wire);
      await each.opened;
    }),
  );
  await Promise.all(gates.slice(0, 3).map(({ arrived }) => arrived));
  expect(new Set(ids).size).toBe(3);
  gates[1]?.open();
  await gates[3]?.arrived;
  expect(ids[3]).toBe(ids[1]);
  for (const each of gates) each.open();
  await Promise.all(lent);
  expect(proxy.accepted).toBe(3);
});

test.each<[string, (wire: Wire) => Promise<unknown>]>([
  ['returns', async () => 'nothing'],
  ['throws', () => Promise.reject(new Error('of its own'))],
])('what was watched is forgotten when the work %s', async (_, end) => {
  const { run } = open(1);
  await run(async (wire) => {
    await wire.sendCommand(['WATCH', key]);
    return end(wire);
  }).catch(() => undefined);
  await change('x');
  expect(await run((wire) => transact(wire, [['SET', key, 'y']]))).toEqual(['OK']);
  expect(proxy.commands.filter(([name]) => name === 'UNWATCH')).toHaveLength(1);
});

test('where a transaction was sent nothing else is', async () => {
  const { run } = open(1);
  const outcome = await run(async (wire) => {
    await wire.sendCommand(['WATCH', key]);
    await change('x');
    return transact(wire, [['SET', key, 'y']]);
  });
  expect(outcome).toBeUndefined();
  expect(proxy.commands.map(([name]) => name)).not.toContain('UNWATCH');
});

test('a connection that is lost is replaced, and lent again', async () => {
  const { run, reported } = open(1);
  const first = await run(idOf);
  const underWay = rejection(run((wire) => wire.sendCommand(['BLPOP', key, '0'])));
  await eventually(async () => expect(proxy.commands.at(-1)?.[0]).toBe('BLPOP'));
  await proxy.down();
  await underWay;
  await proxy.up();
  expect(await eventually(() => run(idOf))).not.toBe(first);
  expect(reported).toHaveLength(1);
});

test('while none can be had it fails at once, also those who waited in line', async () => {
  const { run } = open(1);
  await run(idOf);
  const holding = rejection(run((wire) => wire.sendCommand(['BLPOP', key, '0'])));
  const waiting = rejection(run(idOf));
  await eventually(async () => expect(proxy.commands.at(-1)?.[0]).toBe('BLPOP'));
  await proxy.down();
  await holding;
  expect(String(await waiting)).toMatch(/no connection/);
  expect(String(await rejection(run(idOf)))).toMatch(/no connection/);
});

test('a connection is free when the work on it has settled, and not when its deadline has passed', async () => {
  const { run } = open(1, { deadlineMs: 50, breaker: false });
  await run(idOf);
  const held = gate();
  const late = rejection(run(() => held.opened));
  const inLine = rejection(run(idOf));
  expect(String(await late)).toMatch(/no answer within 50 ms/);
  expect(String(await inLine)).toMatch(/no answer within 50 ms/);
  const next = run(idOf);
  held.open();
  await next;
});

test('one that is stuck for two deadlines is replaced, whatever the others do', async () => {
  const clock = new FakeClock();
  const { run, reported } = open(2, { deadlineMs: 100, breaker: false }, clock);
  const stuck = await run(idOf);
  const late = rejection(run((wire) => wire.sendCommand(['BLPOP', key, '0'])));
  await eventually(async () => expect(proxy.commands.at(-1)?.[0]).toBe('BLPOP'));
  const other = await run(idOf);
  for (let ms = 0; ms < 300; ms += 50) {
    await clock.advanceAsync(50);
    expect(await run(idOf)).toBe(other);
  }
  expect(String(await late)).toMatch(/no answer within 100 ms/);
  expect(reported.map(({ error }) => String(error))).toEqual([
    expect.stringMatching(/nothing on it was answered/),
  ]);
  await clock.advanceAsync(100);
  const both = gate();
  const ids = [1, 2].map(() =>
    run(async (wire) => {
      const id = await idOf(wire);
      await both.opened;
      return id;
    }),
  );
  await eventually(async () => expect(proxy.open).toBe(2));
  both.open();
  expect(await Promise.all(ids)).not.toContain(stuck);
});

test('those that nobody has needed for half a minute are closed, all but one', async () => {
  const clock = new FakeClock();
  const { run } = open(4, { deadlineMs: 5_000 }, clock);
  await run(idOf);
  const all = gate();
  const lent = [1, 2, 3].map(() => run((wire) => idOf(wire).then(() => all.opened)));
  await eventually(async () => expect(proxy.open).toBe(3));
  all.open();
  await Promise.all(lent);
  await clock.advanceAsync(29_000);
  const used = await run(idOf);
  await clock.advanceAsync(1_000);
  await eventually(async () => expect(proxy.open).toBe(1));
  await clock.advanceAsync(60_000);
  expect(await run(idOf)).toBe(used);
  expect(proxy.accepted).toBe(3);
});

test('a look that comes late, as the process was busy, condemns nobody', async () => {
  const clock = new FakeClock();
  const { run, reported } = open(1, { deadlineMs: 100, breaker: false }, clock);
  await run(idOf);
  const held = gate();
  const late = rejection(run(() => held.opened));
  await held.arrived;
  (clock as { now: () => number }).now = () => 1_000 + 10_000;
  clock.advance(100);
  expect(reported).toEqual([]);
  held.open();
  await late;
});

test('there is a limit to how many wait in line', async () => {
  const { run } = open(1, { deadlineMs: 5_000, maxInFlight: 3 });
  await run(idOf);
  const held = gate();
  const inside = [run(() => held.opened), run(idOf), run(idOf)];
  expect(String(await rejection(run(idOf)))).toMatch(/no more than 3 operations/);
  held.open();
  await Promise.all(inside);
});

test('the wait for the very first connection is no part of the deadline', async () => {
  const clock = new FakeClock();
  const { run } = open(2, { deadlineMs: 10 }, clock);
  proxy.freeze();
  const first = [run(idOf), run(idOf)];
  await eventually(async () => expect(proxy.commands.length).toBeGreaterThan(0));
  clock.advance(500);
  proxy.thaw();
  await Promise.all(first);
});

test('closing waits for what is under way, lets nothing else through, and is done once', async () => {
  const { connections, run } = open(1);
  const held = gate();
  const underWay = run(() => held.opened);
  await held.arrived;
  const inLine = rejection(run(idOf));
  const closing = connections.close();
  expect(connections.close()).toBe(closing);
  expect(String(await rejection(run(idOf)))).toMatch(/it is closed/);
  held.open();
  await underWay;
  expect(String(await inLine)).toMatch(/it is closed/);
  await closing;
  await eventually(async () => expect(proxy.open).toBe(0));
});
