import { expect, test } from '@jest/globals';
import { inRounds } from '../../src/in-rounds.js';
import { eventually, rejection } from '../support/operations.js';

const group = (length: number, name: string) => Array.from({ length }, (_, at) => `${name}${at}`);

test('takes 500 keys at once at most, and goes on when all of them are over', async () => {
  const running: (() => void)[] = [];
  const sizes: number[] = [];
  const sum = inRounds(
    [group(300, 'a'), group(200, 'b'), group(1_001, 'c'), group(1, 'd')],
    async (batch) => {
      sizes.push(batch.length);
      await new Promise<void>((resolve) => running.push(resolve));
      return batch.length;
    },
  );
  for (const expected of [[300, 200], [500], [500], [1, 1]]) {
    await eventually(async () => expect(running).toHaveLength(expected.length));
    expect(sizes.splice(0)).toEqual(expected);
    for (const end of running.splice(0)) end();
  }
  expect(await sum).toBe(1_502);
});

test('tries all, whatever becomes of the others, and then fails with the first failure', async () => {
  const tried: string[] = [];
  const failed = inRounds([['a'], group(500, 'b'), ['c'], ['d']], async ([key = '']) => {
    tried.push(key);
    if (key !== 'd') throw new Error(`not ${key}`);
    return 1;
  });
  expect(await rejection(failed)).toEqual(new Error('not a'));
  expect(tried).toEqual(['a', 'b0', 'c', 'd']);
});

test('of nothing is nothing', async () => {
  expect(await inRounds([], () => Promise.reject(new Error('never')))).toBe(0);
});
