import { expect, test } from '@jest/globals';
import type { RedisCacheOptions } from '@recollect/redis';
import { eventually, rejection } from '../support/operations.js';
import { blob } from '../support/scripted-redis.js';
import { type Arrival, openAnsweringServer } from './support/answering-server.js';
import { openRoute } from './support/open-route.js';

const LARGE = 256 * 1024 + 1;

/** A route to a server that answers all but large writes, which the test answers. */
async function open(options: RedisCacheOptions = {}) {
  const held: Arrival[] = [];
  const { url, arrivals } = await openAnsweringServer((arrival) => {
    const [name, , value = ''] = arrival.command;
    if (name === 'SET' && value.length >= LARGE) held.push(arrival);
    else arrival.answer(name === 'GET' ? blob('v') : '+OK\r\n');
  });
  const route = openRoute({ url, deadlineMs: 5_000, ...options });
  const set = (key: string, length: number) =>
    route.run(key, 'write', length, (wire) => wire.sendCommand(['SET', key, 'x'.repeat(length)]));
  const get = (...keys: string[]) =>
    route.run(keys, 'read', 0, (wire) => wire.sendCommand(['GET', keys[0] ?? '']));
  const wayOf = (at: number) => arrivals.at(at)?.connection;
  await get('first');
  const hold = async (key: string) => {
    const count = held.length;
    const writing = set(key, LARGE);
    await eventually(async () => expect(held.length).toBe(count + 1));
    return { writing, arrival: held.at(-1) as Arrival };
  };
  return { route, set, get, hold, held, arrivals, wayOf };
}

test('a large write goes its own way: small ones and reads do not wait behind it', async () => {
  const { set, get, hold, wayOf } = await open();
  await set('k', LARGE - 1);
  expect(wayOf(-1)).toBe(0);
  const { writing, arrival } = await hold('big');
  expect(arrival.connection).toBe(1);
  expect(String(await get('other'))).toBe('v');
  expect(await set('another', 10)).toBe('OK');
  expect(wayOf(-1)).toBe(0);
  arrival.answer('+OK\r\n');
  expect(await writing).toBe('OK');
  const second = await hold('big');
  expect(second.arrival.connection).toBe(1);
  second.arrival.answer('+OK\r\n');
});

test('what names its key goes behind it, until it is answered', async () => {
  const { get, set, hold, wayOf, arrivals } = await open();
  const { writing, arrival } = await hold('big');
  const behind = [get('big'), set('big', 1), get('one', 'big')];
  await eventually(async () => expect(arrivals).toHaveLength(5));
  expect(arrivals.slice(2).map(({ connection }) => connection)).toEqual([1, 1, 1]);
  arrival.answer('+OK\r\n');
  await Promise.all([writing, ...behind]);
  await get('big');
  expect(wayOf(-1)).toBe(0);
});

test('also when nobody waits for it any more: what comes later must not be undone by it', async () => {
  const { get, hold, wayOf, arrivals } = await open({ deadlineMs: 100 });
  const { writing, arrival } = await hold('big');
  expect(String(await rejection(writing))).toMatch(/no answer within 100 ms/);
  const behind = get('big');
  await eventually(async () =>
    expect(arrivals.at(-1)).toMatchObject({ command: ['GET', 'big'], connection: 1 }),
  );
  arrival.answer('+OK\r\n');
  await behind;
  await eventually(async () => {
    await get('big');
    expect(wayOf(-1)).toBe(0);
  });
});

test('two of one key are both waited for', async () => {
  const { get, hold, held, set, wayOf, arrivals } = await open();
  const { writing, arrival } = await hold('big');
  const another = set('big', LARGE);
  arrival.answer('+OK\r\n');
  await writing;
  await eventually(async () => expect(held).toHaveLength(2));
  const behind = get('big');
  await eventually(async () =>
    expect(arrivals.at(-1)).toMatchObject({ command: ['GET', 'big'], connection: 1 }),
  );
  held[1]?.answer('+OK\r\n');
  await Promise.all([another, behind]);
  await get('big');
  expect(wayOf(-1)).toBe(0);
});

test('one that is lost, or was never sent, holds nothing up', async () => {
  const { route, get, set, hold, wayOf } = await open({ maxInFlightBytes: LARGE + 10 });
  const { writing, arrival } = await hold('big');
  expect(String(await rejection(set('big', LARGE)))).toMatch(/no more than/);
  arrival.cut();
  expect(String(await rejection(writing))).toMatch(/closed|ECONNRESET/);
  await get('big');
  expect(wayOf(-1)).toBe(0);
  expect(route.health().reasons).toEqual(['no connection for large writes']);
  expect(route.reported).toEqual([]);
  await eventually(async () => expect(route.health().degraded).toBe(false));
});

test('a large transaction and a large comparison stay where they are', async () => {
  const { route, wayOf } = await open();
  const ping = (wire: { sendCommand(args: readonly string[]): Promise<unknown> }) =>
    wire.sendCommand(['PING']);
  await route.run('k', 'read', LARGE, ping);
  expect(wayOf(-1)).toBe(0);
});
