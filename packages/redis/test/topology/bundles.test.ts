import { describe, expect, test } from '@jest/globals';
import type { Work } from '../../src/route/route.js';
import { eventually, rejection } from '../support/operations.js';
import { openRoute } from './support/open-route.js';
import { openScriptedCluster, type ScriptedNode, usualAnswer } from './support/scripted-cluster.js';

const get =
  (key: string): Work<string> =>
  async (wire) =>
    String(await wire.sendCommand(['GET', key]));

const keys = Array.from({ length: 2_000 }, (_, index) => `key-${index}`);

async function open(options: object = {}) {
  const { nodes } = await openScriptedCluster(1);
  const [node] = nodes as [ScriptedNode];
  const route = openRoute({ cluster: { nodes: [node.url] }, deadlineMs: 5_000, ...options });
  const read = (key: string) => route.run(key, 'read', 0, get(key));
  await read('first');
  node.commands.length = 0;
  return { node, route, read };
}

describe('operations of one tick on one node', () => {
  test('count as few: a thousand keys in a thousand slots find room', async () => {
    const { read } = await open({ maxInFlight: 10 });
    const values = await Promise.all(keys.map(read));
    expect(values).toEqual(keys.map((key) => `value of ${key} from 0`));
  });

  test('are sent in the order in which they were asked for, whatever they do', async () => {
    const { node, route } = await open();
    const asked: string[][] = [];
    const running: Promise<unknown>[] = [];
    for (const [at, key] of keys.slice(0, 400).entries()) {
      const command = at % 3 ? ['SET', key, 'x'.repeat(at % 7 ? 1 : 100_000)] : ['UNLINK', key];
      const access = at % 3 ? 'write' : 'read';
      asked.push(command);
      running.push(route.run(key, access, command.join().length, (wire) => wire.sendCommand(command)));
    }
    await Promise.all(running);
    expect(node.commands).toEqual(asked);
  });

  test('fail alone when it is the key, and stay alone when the server takes no writes', async () => {
    const { node, route, read } = await open();
    node.answer = (command) => {
      if (command[1] === 'key-7') return '-WRONGTYPE Operation against a key\r\n';
      if (command[1] === 'key-8') return '-OOM command not allowed\r\n';
      return usualAnswer(command, 0);
    };
    for (let round = 0; round < 6; round++) {
      const outcomes = await Promise.allSettled(
        keys.slice(0, 20).map((key) => route.run(key, 'read', 0, get(key))),
      );
      const failed = outcomes.flatMap((outcome, at) => (outcome.status === 'rejected' ? [at] : []));
      expect(failed).toEqual([7, 8]);
    }
    // What one of them learnt of the server counts, for its like.
    expect(route.health().reasons.join()).toMatch(/writes are not sent/);
    const write = route.run('key-1', 'write', 1, (wire) => wire.sendCommand(['SET', 'key-1', 'x']));
    const outcomes = await Promise.allSettled([write, read('key-1'), read('key-2')]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
  });

  test('fail together at the deadline, except those that were answered', async () => {
    const { node, read } = await open({ deadlineMs: 100 });
    node.answer = (command) => (node.commands.length > 5 ? undefined : usualAnswer(command, 0));
    const outcomes = await Promise.allSettled(keys.slice(0, 10).map(read));
    expect(outcomes.map(({ status }) => status === 'fulfilled')).toEqual([
      ...Array<boolean>(5).fill(true),
      ...Array<boolean>(5).fill(false),
    ]);
    expect(String((outcomes[9] as PromiseRejectedResult).reason)).toMatch(/no answer within 100 ms/);
  });

  test('fail with the reason when the connection is lost', async () => {
    const { node, read } = await open();
    node.answer = () => undefined;
    const failures = keys.slice(0, 10).map((key) => rejection(read(key)));
    await eventually(async () => expect(node.commands).toHaveLength(10));
    node.server.cut();
    for (const error of await Promise.all(failures)) expect(String(error)).toMatch(/closed|ECONNRESET/);
  });
});
