import { describe, expect, test } from '@jest/globals';
import { keySlot } from '../../src/route/key-slot.js';
import type { Work } from '../../src/route/route.js';
import { CrossSlotError } from '../../src/route/slot-of-all.js';
import { eventually, rejection } from '../support/operations.js';
import { openRoute } from './support/open-route.js';
import { openScriptedCluster, type ScriptedNode, usualAnswer } from './support/scripted-cluster.js';

/** In the first third of the slots, and in the last. */
const [LOW, HIGH] = ['key-1', 'key-2'] as const;
const LOW_SLOT = keySlot(LOW);

const get =
  (key: string): Work<string> =>
  async (wire) =>
    String(await wire.sendCommand(['GET', key]));

const redirect = (word: 'MOVED' | 'ASK', { host, port }: ScriptedNode) =>
  `-${word} ${LOW_SLOT} ${host}:${port}\r\n`;

async function open(options: { deadlineMs?: number } = {}) {
  const cluster = await openScriptedCluster(3);
  const [a, b, c] = cluster.nodes as [ScriptedNode, ScriptedNode, ScriptedNode];
  const route = openRoute({ cluster: { nodes: [a.url] }, deadlineMs: 5_000, ...options });
  const read = (key: string) => route.run(key, 'read', 0, get(key));
  await read(LOW);
  a.commands.length = 0;
  return { cluster, a, b, c, route, read };
}

test('the keys of these tests lie where they are said to', () => {
  expect(LOW_SLOT).toBeLessThan(5_461);
  expect(keySlot(HIGH)).toBeGreaterThan(10_923);
});

describe('routing', () => {
  test('sends each key to the node that has its slot, over one connection each', async () => {
    const { a, b, c, read } = await open();
    expect(await Promise.all([read(LOW), read(HIGH), read(HIGH)])).toEqual([
      `value of ${LOW} from 0`,
      `value of ${HIGH} from 2`,
      `value of ${HIGH} from 2`,
    ]);
    expect([a.commands.length, b.commands.length, c.commands.length]).toEqual([1, 0, 2]);
    // One for data, one to ask.
    expect([a, b, c].map(({ server }) => server.accepted)).toEqual([2, 0, 1]);
  });

  test('refuses keys of different slots before anything is sent, naming them', async () => {
    const { a, c, route } = await open();
    const error = await rejection(route.run([LOW, HIGH], 'read', 0, get(LOW)));
    expect(error).toBeInstanceOf(CrossSlotError);
    expect(String(error)).toMatch(/"key-1" lies in slot 229 and "key-2" in slot 12422/);
    expect(await rejection(route.alone([LOW, HIGH], 'read', 0, get(LOW)))).toBeInstanceOf(CrossSlotError);
    expect([...a.commands, ...c.commands]).toEqual([]);
  });

  test('groups keys by slot, bytes as well', async () => {
    const { route } = await open();
    const keys = ['{a}1', 'b', Buffer.from('{a}2'), Buffer.from([0x62]), Buffer.from('{a\xff}', 'latin1')];
    expect(route.together(keys)).toEqual([[0, 2], [1, 3], [4]]);
  });

  test('fails for a slot that nobody has, and asks again', async () => {
    const { cluster, a, route, read } = await open();
    cluster.slots = cluster.slots.slice(0, 2);
    await route.walks().catch(() => undefined);
    expect(String(await rejection(read(HIGH)))).toMatch(/slot \d+ has no server/);
    expect(route.health()).toMatchObject({
      degraded: true,
      reasons: [expect.stringMatching(/5462 of 16384/)],
    });
    expect(String(await rejection(route.walks()))).toMatch(/5462 of 16384 slots have no server/);
    cluster.slots = [[0, 16_383, a]];
    await eventually(async () => expect(await read(HIGH)).toMatch(/from 0/));
    expect(route.health().degraded).toBe(false);
  });
});

describe('MOVED', () => {
  test('leads to the new owner, and everything after it as well; the new owner is asked for the rest', async () => {
    const { cluster, a, b, read } = await open();
    a.answer = () => redirect('MOVED', b);
    cluster.slots = [[0, 16_383, b]];
    expect(await read(LOW)).toMatch(/from 1/);
    expect(await read(LOW)).toMatch(/from 1/);
    expect([a.commands.length, b.commands.length]).toEqual([1, 2]);
    await eventually(async () => expect(b.questions).toBe(1));
    expect(await eventually(async () => read(HIGH))).toBeDefined();
    await eventually(async () => expect(await read(HIGH)).toMatch(/from 1/));
  });

  test('of many operations at once asks once or twice who has what', async () => {
    const { a, b, read } = await open();
    a.answer = () => redirect('MOVED', b);
    const asked = a.questions;
    await Promise.all(Array.from({ length: 500 }, () => read(LOW)));
    await eventually(async () => expect(a.questions + b.questions).toBeGreaterThan(asked));
    expect(a.questions + b.questions - asked).toBeLessThanOrEqual(2);
    expect(a.commands.length + b.commands.length).toBe(1_000);
  });

  test('there and back ends after three times', async () => {
    const { a, b, read } = await open();
    a.answer = () => redirect('MOVED', b);
    b.answer = () => redirect('MOVED', a);
    expect(String(await rejection(read(LOW)))).toMatch(/MOVED/);
    expect([a.commands.length, b.commands.length]).toEqual([2, 2]);
  });

  test('to a node that is silent is over by the deadline', async () => {
    const { a, b, read } = await open({ deadlineMs: 1_000 });
    a.answer = () => undefined;
    b.answer = () => undefined;
    const since = performance.now();
    const failed = rejection(read(LOW));
    // Most of the time goes by before it is sent on.
    await new Promise((resolve) => setTimeout(resolve, 700));
    a.server.say(redirect('MOVED', b));
    expect(String(await failed)).toMatch(/no answer within 1000 ms/);
    expect(b.commands).toHaveLength(1);
    expect(performance.now() - since).toBeLessThan(1_500);
  });

  test('says nothing against the node', async () => {
    const { a, b, route, read } = await open();
    a.answer = () => redirect('MOVED', b);
    b.answer = (command) => (b.commands.length % 2 ? redirect('MOVED', a) : usualAnswer(command, 1));
    for (let index = 0; index < 20; index++) await read(LOW).catch(() => undefined);
    expect(route.health()).toMatchObject({ degraded: false, reasons: [] });
  });

  test('of another slot than that of the keys is not followed', async () => {
    const { a, b, route } = await open();
    a.answer = () => `-MOVED 1 ${b.host}:${b.port}\r\n`;
    expect(String(await rejection(route.run(LOW, 'read', 0, get('another'))))).toMatch(/MOVED 1 /);
    expect([a.commands.length, b.commands.length]).toEqual([1, 0]);
  });

  test('to an address that is reached by another goes there', async () => {
    const { nodes } = await openScriptedCluster(2);
    const [a, b] = nodes as [ScriptedNode, ScriptedNode];
    const addresses = { '10.9.8.7:1': `127.0.0.1:${b.port}` };
    const route = openRoute({ cluster: { nodes: [`127.0.0.1:${a.port}`] }, addresses, deadlineMs: 5_000 });
    a.answer = () => `-MOVED ${LOW_SLOT} 10.9.8.7:1\r\n`;
    expect(await route.run(LOW, 'read', 0, get(LOW))).toMatch(/from 1/);
  });
});

describe('ASK', () => {
  test('leads there this once, with leave for each command', async () => {
    const { a, b, read, route } = await open();
    a.answer = () => redirect('ASK', b);
    expect(await read(LOW)).toMatch(/from 1/);
    expect(b.commands).toEqual([['ASKING'], ['GET', LOW]]);
    const both: Work<unknown> = (wire) =>
      Promise.all([wire.sendCommand(['PTTL', LOW]), wire.sendCommand(['MGET', LOW])]);
    await route.run([LOW], 'read', 0, both);
    expect(b.commands.slice(2)).toEqual([['ASKING'], ['PTTL', LOW], ['ASKING'], ['MGET', LOW]]);
    a.answer = (command) => usualAnswer(command, 0);
    expect(await read(LOW)).toMatch(/from 0/);
  });

  test('leads a transaction there, with leave before it and not within', async () => {
    const { a, b, route } = await open();
    a.answer = () => redirect('ASK', b);
    const change: Work<unknown> = async (wire) => {
      await Promise.all([wire.sendCommand(['WATCH', LOW]), wire.sendCommand(['GET', LOW])]);
      const sent = [['MULTI'], ['SET', LOW, '1'], ['EXEC']].map((command) => wire.sendCommand(command));
      return (await Promise.all(sent)).at(-1);
    };
    expect(await route.alone(LOW, 'write', 1, change)).toEqual(['OK']);
    const asking = ['ASKING'];
    expect(b.commands).toEqual([
      ...[asking, ['WATCH', LOW], asking, ['GET', LOW]],
      ...[asking, ['MULTI'], ['SET', LOW, '1'], ['EXEC']],
    ]);
  });

  test('within a transaction counts, whatever EXEC says of it', async () => {
    const { a, b, route } = await open();
    a.answer = ([name]) => {
      if (name === 'SET') return redirect('MOVED', b);
      return name === 'EXEC' ? '-EXECABORT Transaction discarded because of previous errors.\r\n' : '+OK\r\n';
    };
    const change: Work<unknown> = async (wire) => {
      const sent = [['MULTI'], ['SET', LOW, '1'], ['EXEC']].map((command) => wire.sendCommand(command));
      const outcomes = await Promise.allSettled(sent);
      const last = outcomes.at(-1) as PromiseSettledResult<unknown>;
      if (last.status === 'rejected') throw last.reason;
      return last.value;
    };
    expect(await route.alone(LOW, 'write', 1, change)).toEqual(['OK']);
    expect(b.commands.map(([name]) => name)).toEqual(['MULTI', 'SET', 'EXEC']);
  });
});

describe('TRYAGAIN', () => {
  test('is tried again, three times at most, after pauses', async () => {
    const { a, read, route } = await open();
    let refusals = 3;
    a.answer = (command) => (refusals-- > 0 ? '-TRYAGAIN Multiple keys\r\n' : usualAnswer(command, 0));
    expect(await read(LOW)).toMatch(/from 0/);
    a.commands.length = 0;
    a.answer = () => '-TRYAGAIN Multiple keys\r\n';
    expect(String(await rejection(read(LOW)))).toMatch(/TRYAGAIN/);
    expect(a.commands).toHaveLength(4);
    for (let index = 0; index < 5; index++) await rejection(read(LOW));
    expect(route.health().degraded).toBe(false);
  });
});

describe('a node', () => {
  test('that is silent costs the others nothing, and is named', async () => {
    const { a, b, c, route, read } = await open({ deadlineMs: 100 });
    await read(HIGH);
    a.answer = () => undefined;
    const silent: Promise<unknown>[] = [];
    const since = performance.now();
    let served = 0;
    for (; performance.now() - since < 400; served++) {
      if (served < 10) silent.push(rejection(read(LOW)));
      await read(HIGH);
    }
    expect(served).toBeGreaterThan(20);
    for (const error of await Promise.all(silent)) expect(String(error)).toMatch(/no answer within 100 ms/);
    const { reasons } = route.health();
    expect(reasons.join()).toMatch(new RegExp(`Kind at ${a.host}:${a.port}: reads are not sent`));
    expect(reasons.join()).not.toMatch(`:${c.port}`);
    expect(b.commands).toEqual([]);
  });

  test('that says the cluster is down is doubted: the others are asked until it is over', async () => {
    const { cluster, a, b, c, read } = await open({ deadlineMs: 100 });
    a.answer = () => '-CLUSTERDOWN The cluster is down\r\n';
    const asked = a.questions;
    await rejection(read(LOW));
    await eventually(async () => expect(b.questions + c.questions).toBeGreaterThan(2));
    expect(a.questions).toBe(asked);
    cluster.slots = [[0, 16_383, b]];
    await eventually(async () => expect(await read(LOW)).toMatch(/from 1/));
  });

  test('that does not let us in costs a deadline, and then nothing, until it does', async () => {
    const { a, b, route, read } = await open({ deadlineMs: 400 });
    a.answer = () => redirect('MOVED', b);
    b.server.welcome = '';
    const timed = async () => {
      const since = performance.now();
      const error = await rejection(read(LOW));
      return { error: String(error), ms: performance.now() - since };
    };
    const first = await timed();
    expect(first.error).toMatch(/no (connection|answer) within 400 ms/);
    expect(first.ms).toBeLessThan(1_500);
    await eventually(async () => expect(route.health().reasons.join()).toMatch(`${b.port}: no connection`));
    const second = await timed();
    expect(second.error).toMatch(/no connection within 400 ms/);
    expect(second.ms).toBeLessThan(350);
    b.server.welcome = '+OK\r\n';
    b.server.cut();
    await eventually(async () => expect(await read(LOW)).toMatch(/from 1/));
  });

  test('that is lost is looked for at the others, and left for who has its slots', async () => {
    const { cluster, a, b, c, read } = await open();
    await read(HIGH);
    await a.server.close();
    await eventually(async () => expect(b.questions + c.questions).toBeGreaterThan(1));
    cluster.slots = [[0, 16_383, c]];
    await eventually(async () => expect(await read(LOW)).toMatch(/from 2/));
  });

  test('that has no slots any more is left', async () => {
    const { cluster, a, b, read } = await open();
    expect(a.server.connected).toBeGreaterThan(0);
    cluster.slots = [[0, 16_383, b]];
    a.answer = () => redirect('MOVED', b);
    await read(LOW);
    await eventually(async () => expect(a.commands.length).toBeGreaterThan(0));
    // The connection on which it was asked ends some seconds later.
    await eventually(async () => expect(a.server.connected).toBeLessThanOrEqual(1));
    expect(await read(HIGH)).toMatch(/from 1/);
  });
});

test('a cluster of which nobody answers is reported once, and found when it is there', async () => {
  const cluster = await openScriptedCluster(1);
  const [node] = cluster.nodes as [ScriptedNode];
  const slots = cluster.slots;
  cluster.slots = [];
  const route = openRoute({ cluster: { nodes: [node.url, 'localhost:1'] }, deadlineMs: 5_000 });
  const error = await rejection(route.run(LOW, 'read', 0, get(LOW)));
  expect(String(error)).toMatch(/nobody says where to connect: .*it knows of no slots/);
  expect(String(error)).toMatch(/ECONNREFUSED/);
  expect(route.health().reasons).toEqual(['no node of the cluster says which has what']);
  await eventually(async () => expect(node.questions).toBeGreaterThan(2));
  expect(route.reported).toHaveLength(1);
  cluster.slots = slots;
  await eventually(async () => expect(await route.run(LOW, 'read', 0, get(LOW))).toMatch(/from 0/));
  expect(route.health().degraded).toBe(false);
});
