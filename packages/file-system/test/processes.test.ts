import { statSync, truncateSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { block, isTorn } from './children/block.js';
import { bytes, filesBelow, freshPath, HOUR, look, onlyFile, put, world } from './scratch.js';
import { type Child, startChild } from './start-child.js';

test.each(['after open', 'mid-write', 'after write', 'before rename', 'after rename'] as const)(
  'a writer killed %s leaves the old value or the new one, and its temporary file is swept later',
  async (stage) => {
    const directory = freshPath();
    const size = 300_000;
    await world(directory)
      .open()
      .write([{ key: 'k', data: block(size, 1, 1), ttlMs: HOUR }]);
    const child = startChild('dying-writer', { options: { directory }, key: 'k', stage, size });
    expect(await child.ended).toEqual({ code: null, signal: 'SIGKILL' });
    // Its clock starts now: the child lived by the real one.
    const { open, clock } = world(directory);
    const [record] = await open().read(['k']);
    expect(isTorn(record?.data ?? new Uint8Array())).toBe(false);
    expect(record?.data[0]).toBe(stage === 'after rename' ? 2 : 1);
    const leftBehind = filesBelow(directory).filter((file) => file.endsWith('.tmp'));
    expect(leftBehind).toHaveLength(stage === 'after rename' ? 0 : 1);
    clock.advance(720_000);
    await put(open(), 'other', 'v');
    expect(filesBelow(directory).filter((file) => file.endsWith('.tmp'))).toEqual([]);
    expect((await open().read(['k']))[0]?.data[0]).toBe(record?.data[0]);
  },
);

describe.each(['nothing', 'an expired record', 'a damaged record'])(
  'adds of four processes where there is %s',
  (what) => {
    test('agree, each key with one winner, which lies there', async () => {
      const { directory, open } = world();
      const cache = open({}, { now: Date.now });
      const keys = Array.from({ length: 150 }, (_, index) => `k${index}`);
      const ids = ['one', 'two', 'three', 'four'];
      const children = ids.map((id) => startChild('adder', { options: { directory }, keys, id }));
      for (const child of children) expect(await child.hear()).toBe('ready');
      // Now that nobody sweeps any more.
      if (what !== 'nothing') await cache.write(keys.map((key) => ({ key, data: bytes('old'), ttlMs: 1 })));
      if (what === 'a damaged record') damage(directory);
      for (const child of children) child.tell('go');
      const answers = await Promise.all(children.map((child) => child.hear<string[]>()));
      const winners = new Set<string>();
      for (const [index, key] of keys.entries()) {
        const said = new Set(answers.map((each) => each[index]));
        const lies = await look(cache, key);
        if (said.size !== 1 || !said.has(lies))
          throw new Error(`${key}: ${[...said].join(', ')} were said, ${lies} lies there`);
        winners.add(lies as string);
      }
      expect([...winners].every((winner) => ids.includes(winner))).toBe(true);
      await cache.delete(['warm']);
      expect(filesBelow(directory)).toHaveLength(keys.length);
    });
  },
);

describe('three processes that write at the same time', () => {
  test.each([
    { bound: 'files', options: { threshold: 100 }, size: 10 },
    { bound: 'bytes', options: { maxBytes: 1_000_000 }, size: 10_000 },
  ])(
    'keep the bound on $bound, but for a tenth each, and one look later altogether',
    async ({ options, size }) => {
      const directory = freshPath();
      const children = ['a', 'b', 'c'].map((id) =>
        startChild('filler', { options: { directory, ...options }, count: 400, size, id }),
      );
      const most = await watch(directory, children);
      console.info(`processes.test.ts: at most ${most.files} files, ${most.bytes} bytes`);
      // Two more processes than one, and what is counted while it is changing.
      expect(most.files).toBeLessThanOrEqual((options.threshold ?? Number.POSITIVE_INFINITY) * 1.2);
      expect(most.bytes).toBeLessThanOrEqual((options.maxBytes ?? Number.POSITIVE_INFINITY) * 1.2);
      expect(most.files).toBeGreaterThan(60);
      const cache = world(directory).open(options);
      await put(cache, 'last', 'v');
      const left = measure(directory);
      expect(left.files).toBeLessThanOrEqual(options.threshold ?? Number.POSITIVE_INFINITY);
      expect(left.bytes).toBeLessThanOrEqual(options.maxBytes ?? Number.POSITIVE_INFINITY);
      expect(left.files).toBeGreaterThan(60);
    },
  );
});

test('a cache in use, its sweeper waiting, does not keep the process alive', async () => {
  const directory = freshPath();
  const child = startChild('idler', { options: { directory, sweepIntervalMs: 600_000 } });
  expect(await child.ended).toEqual({ code: 0, signal: null });
  expect(filesBelow(directory)).toHaveLength(2);
});

test('a file written by another process is readable here, for its owner alone', async () => {
  const directory = freshPath();
  const child = startChild('filler', { options: { directory }, count: 10, size: 5, id: 'x' });
  await child.hear();
  const cache = world(directory).open();
  expect(await look(cache, 'x:3')).toBe('xxxxx');
  await cache.clear('x:');
  await put(cache, 'k', 'v');
  expect(statSync(dirname(onlyFile(directory))).mode & 0o777).toBe(0o700);
});

function damage(directory: string): void {
  for (const file of filesBelow(directory)) truncateSync(join(directory, file), 30);
}

function measure(directory: string): { files: number; bytes: number } {
  const sizes = filesBelow(directory)
    .filter((file) => !file.endsWith('.tmp'))
    .map((file) => statSync(join(directory, file), { throwIfNoEntry: false })?.size ?? 0);
  return { files: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

/** The most there ever was until the children are done. */
async function watch(
  directory: string,
  children: readonly Child[],
): Promise<{ files: number; bytes: number }> {
  const most = { files: 0, bytes: 0 };
  let done = false;
  const all = Promise.all(children.map((child) => child.hear())).finally(() => {
    done = true;
  });
  while (!done) {
    await new Promise(setImmediate);
    if (statSync(directory, { throwIfNoEntry: false }) === undefined) continue;
    const now = measure(directory);
    most.files = Math.max(most.files, now.files);
    most.bytes = Math.max(most.bytes, now.bytes);
  }
  await all;
  return most;
}
