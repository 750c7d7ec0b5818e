import { lstatSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import type { Disk } from '@recollect/file-system';
import { gate } from '@recollect/testing';
import { Layout } from '../src/layout.js';
import { gatedDisk } from './gated-disk.js';
import { filesBelow, HOUR, look, onlyFile, put, world } from './scratch.js';

const total = (sizes: readonly number[]) => sizes.reduce((sum, size) => sum + size, 0);

/** The real file system, but whatever puts a file in place tells how much there is then. */
function watched(directory: string): { disk: Disk; most: { files: number; bytes: number } } {
  const most = { files: 0, bytes: 0 };
  const disk: Disk = {
    ...fs,
    async rename(from, to) {
      await fs.rename(from, to);
      const records = filesBelow(directory).filter((file) => !file.endsWith('.tmp'));
      const sizes = records.map(
        (file) => statSync(join(directory, file), { throwIfNoEntry: false })?.size ?? 0,
      );
      most.files = Math.max(most.files, sizes.length);
      most.bytes = Math.max(most.bytes, total(sizes));
    },
  };
  return { disk, most };
}

describe('one process', () => {
  test.each([1, 2, 7, 50])('never keeps more than %i files', async (threshold) => {
    const { directory, open } = world();
    const { disk, most } = watched(directory);
    const cache = open({ threshold }, { disk });
    for (let round = 0; round < 5; round += 1) {
      await cache.write(
        Array.from({ length: 30 }, (_, index) => ({
          key: `${round}:${index}`,
          data: new Uint8Array(10),
          ttlMs: HOUR,
        })),
      );
    }
    expect(most.files).toBeLessThanOrEqual(threshold);
    expect(most.files).toBeGreaterThanOrEqual(Math.min(threshold, 30) * 0.8);
    // A new one always goes in.
    await put(cache, 'last', 'v');
    expect(await look(cache, 'last')).toBe('v');
  });

  test('never keeps more files than it may while it overwrites what others push out', async () => {
    const { directory, open } = world();
    const { disk, most } = watched(directory);
    const cache = open({ threshold: 6 }, { disk });
    for (let round = 0; round < 30; round += 1) {
      const keys = Array.from({ length: 8 }, (_, index) => (round * 5 + index * 3) % 13);
      await cache.write(keys.map((key) => ({ key: `${key}`, data: new Uint8Array(10), ttlMs: HOUR })));
    }
    expect(most.files).toBe(6);
  });

  test('never keeps more bytes than it may, whatever the sizes', async () => {
    const { directory, open } = world();
    const { disk, most } = watched(directory);
    const maxBytes = 100_000;
    const cache = open({ maxBytes }, { disk });
    const size = (index: number) => 1 + ((index * 7_919) % 40_000);
    for (let round = 0; round < 6; round += 1) {
      const keys = Array.from({ length: 12 }, (_, index) => round * 12 + index);
      await cache.write(keys.map((key) => ({ key: `${key}`, data: new Uint8Array(size(key)), ttlMs: HOUR })));
    }
    expect(most.bytes).toBeLessThanOrEqual(maxBytes);
    expect(most.bytes).toBeGreaterThan(maxBytes / 2);
  });

  test('lets a write wait for another one under way where there is no room for both', async () => {
    const { directory, open } = world();
    const renaming = gate();
    const cache = open({ maxBytes: 1_000 }, { disk: gatedDisk('rename', renaming) });
    const write = (key: string) => cache.write([{ key, data: new Uint8Array(600), ttlMs: HOUR }]);
    const both = [write('a'), write('b')];
    await renaming.arrived;
    // Time for the second one to do what it must not.
    await sleep(200);
    expect(filesBelow(directory)).toHaveLength(1);
    renaming.open();
    await Promise.all(both);
    expect(await keysOf(cache)).toEqual(['b']);
  });

  test('refuses a record that can never fit, and keeps the one it has', async () => {
    const { open } = world();
    const cache = open({ maxBytes: 1_000 });
    await put(cache, 'k', 'small');
    const large = { key: 'k', data: new Uint8Array(1_000), ttlMs: HOUR };
    await expect(cache.write([large])).rejects.toThrow(/does not fit into maxBytes, 1000/);
    await expect(cache.add({ ...large, key: 'other' })).rejects.toThrow(/does not fit into maxBytes, 1000/);
    expect(await look(cache, 'k')).toBe('small');
  });

  test('takes a record that fits exactly', async () => {
    const { directory, open } = world();
    await put(open(), 'k', 'exactly this');
    const { size } = statSync(onlyFile(directory));
    const cache = world().open({ maxBytes: size });
    await put(cache, 'k', 'exactly this');
    await put(cache, 'l', 'exactly this');
    expect(await look(cache, 'l')).toBe('exactly this');
    expect(await look(cache, 'k')).toBeUndefined();
  });

  test('counts what an overwrite takes more, not all of it', async () => {
    const { open } = world();
    const cache = open({ threshold: 10 });
    for (let key = 0; key < 10; key += 1) await put(cache, `${key}`, 'v');
    const before = await countKeys(cache);
    for (let round = 0; round < 50; round += 1) await put(cache, '9', `v${round}`);
    expect(await countKeys(cache)).toBe(before);
  });

  test('counts what other processes have written, as soon as it looks', async () => {
    const { directory, open } = world();
    const first = open({ threshold: 20 });
    const second = open({ threshold: 20 });
    for (let key = 0; key < 40; key += 1) {
      await put(key % 2 === 0 ? first : second, `${key}`, 'v');
      // A tenth more for the other process.
      expect(filesBelow(directory).length).toBeLessThanOrEqual(22);
    }
  });

  test('goes on when nothing can be removed', async () => {
    const { open, failures } = world();
    const stuck = Object.assign(new Error('not permitted'), { code: 'EPERM' });
    const cache = open({ threshold: 2 }, { disk: { ...fs, unlink: () => Promise.reject(stuck) } });
    for (let key = 0; key < 4; key += 1) await put(cache, `${key}`, 'v');
    expect(await countKeys(cache)).toBe(4);
    // Once for each look that could not remove what it had to.
    expect(failures).toHaveLength(4);
  });
});

describe('what goes first', () => {
  test('is what has expired, then what was used longest ago', async () => {
    const { directory, open, clock } = world();
    const layout = new Layout(directory);
    const cache = open({ threshold: 10 });
    for (let key = 0; key < 10; key += 1) await put(cache, `${key}`, 'v', key === 7 ? 500 : HOUR);
    const used = [5, 3, 8, 1, 9, 0, 2, 4, 6, 7];
    for (const [rank, key] of used.entries()) {
      const { path } = layout.place(`${key}`);
      utimesSync(path, 1_000_000 + rank, statSync(path).mtimeMs / 1_000);
    }
    clock.advance(1_000);
    await put(cache, 'new', 'v');
    // Nine are left: the expired one is gone, though it was used last, and that is room enough.
    expect(await keysOf(cache)).toEqual(['0', '1', '2', '3', '4', '5', '6', '8', '9', 'new']);
    await put(cache, 'newer', 'v');
    expect(await keysOf(cache)).toEqual(['0', '1', '2', '3', '4', '6', '8', '9', 'new', 'newer']);
    await put(cache, 'newest', 'v');
    expect(await keysOf(cache)).toEqual(['0', '1', '2', '4', '6', '8', '9', 'new', 'newer', 'newest']);
  });

  test('is not what is read all the time, where the file system keeps the time of access', async () => {
    const { directory, open } = world();
    const cache = open({ threshold: 10 });
    for (let key = 0; key < 10; key += 1) await put(cache, `${key}`, 'v');
    const layout = new Layout(directory);
    for (let key = 0; key < 10; key += 1) {
      const { path } = layout.place(`${key}`);
      utimesSync(path, 1_000_000 + key, statSync(path).mtimeMs / 1_000);
    }
    const before = statSync(layout.place('0').path).atimeMs;
    await look(cache, '0');
    const keepsAccess = statSync(layout.place('0').path).atimeMs > before;
    console.info(
      `bounds.test.ts: time of access ${keepsAccess ? 'kept' : 'not kept (noatime): the oldest goes first'}`,
    );
    await put(cache, 'new', 'v');
    expect(await look(cache, '0')).toBe(keepsAccess ? 'v' : undefined);
    expect(await look(cache, '1')).toBe(keepsAccess ? undefined : 'v');
  });

  test.each(['used', 'replaced'] as const)('is not what was %s since it was looked at', async (what) => {
    const { directory, open } = world();
    const cache = open({ threshold: 4 });
    for (let key = 0; key < 4; key += 1) await put(cache, `${key}`, 'v');
    const victim = new Layout(directory).place('0').path;
    const { mtimeMs } = statSync(victim);
    utimesSync(victim, 1, mtimeMs / 1_000);
    let looks = 0;
    const disk = {
      ...fs,
      async lstat(path: string, options?: never) {
        // After the look of the first use and the one that chooses it, just before it would go.
        if (path === victim && ++looks === 3) {
          if (what === 'replaced') await put(cache, '0', 'newer');
          else utimesSync(victim, 4_000_000_000, mtimeMs / 1_000);
        }
        return fs.lstat(path, options);
      },
    } as object as Disk;
    await put(open({ threshold: 4 }, { disk }), 'new', 'v');
    expect(looks).toBeGreaterThanOrEqual(3);
    expect(await look(cache, '0')).toBe(what === 'replaced' ? 'newer' : 'v');
  });

  test('is not what is being overwritten: it is counted as replaced', async () => {
    const { directory, open } = world();
    const first = open();
    for (const key of ['a', 'b']) await put(first, key, 'old');
    const victim = new Layout(directory).place('a').path;
    utimesSync(victim, 1, statSync(victim).mtimeMs / 1_000);
    const renaming = gate();
    const cache = open({ threshold: 3 }, { disk: gatedDisk('rename', renaming) });
    const overwriting = put(cache, 'a', 'new');
    await renaming.arrived;
    const others = Promise.all(['c', 'd', 'e'].map((key) => put(cache, key, 'v')));
    await sleep(200);
    expect(lstatSync(victim, { throwIfNoEntry: false })).toBeDefined();
    renaming.open();
    await Promise.all([overwriting, others]);
    expect((await keysOf(cache)).length).toBeLessThanOrEqual(3);
  });
});

describe('what a process left that died while it wrote', () => {
  test('is swept at the first use when it is old, and not before', async () => {
    const { directory, open, clock } = world();
    await put(open(), 'k', 'v');
    const name = '12345678-1234-4234-8234-123456789abc.tmp';
    writeFileSync(join(dirname(onlyFile(directory)), name), 'half a rec');
    clock.advance(599_000);
    await put(open(), 'k', 'v');
    expect(filesBelow(directory)).toHaveLength(2);
    // The time of the file is a real one: some of it passes while the test runs.
    clock.advance(120_000);
    await put(open(), 'l', 'v');
    expect(filesBelow(directory).filter((file) => file.endsWith('.tmp'))).toEqual([]);
    expect(readdirSync(directory)).toHaveLength(2);
  });

  test('and a file swept under the hands of a slow writer is written again', async () => {
    const { open } = world();
    let renames = 0;
    const disk: Disk = {
      ...fs,
      async rename(from, to) {
        if (++renames === 1) await fs.unlink(from);
        return fs.rename(from, to);
      },
    };
    const cache = open({}, { disk });
    await put(cache, 'k', 'v');
    expect(renames).toBe(2);
    expect(await look(cache, 'k')).toBe('v');
  });
});

async function keysOf(cache: { scan(prefix: string): AsyncIterable<string> }): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of cache.scan('')) keys.push(key);
  return keys.sort();
}

async function countKeys(cache: { scan(prefix: string): AsyncIterable<string> }): Promise<number> {
  return (await keysOf(cache)).length;
}
