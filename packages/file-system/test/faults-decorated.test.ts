import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, renameSync, statfsSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { fileSystem } from '@recollect/file-system';
import { type Cache, createCache } from 'recollect';
import { filesBelow, freshPath, put, world } from './scratch.js';
import { startChild } from './start-child.js';

const mounts: string[] = [];
const open: Cache[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((cache) => cache.close()));
  for (const path of mounts.splice(0)) run('umount', '-l', path);
});

const run = (command: string, ...args: string[]) => spawnSync(command, args).status === 0;

/** A small disk of its own. False without the right to mount: then the test is about nothing. */
function mountTmpfs(directory: string): boolean {
  mkdirSync(directory, { mode: 0o700, recursive: true });
  const mounted = run('mount', '-t', 'tmpfs', '-o', 'size=256k,mode=0700', 'tmpfs', directory);
  if (mounted) mounts.push(directory);
  else console.info('faults-decorated.test.ts: no right to mount a small disk');
  return mounted;
}

/** What a user has: a decorated function whose values lie in this directory. */
function decorated(directory: string, size = 10) {
  const cache = createCache({
    namespace: 'shop',
    shared: { kind: 'FileSystemCache', directory },
    use: [fileSystem()],
  });
  open.push(cache);
  const loaded: number[] = [];
  const find = cache.cachedFunction(
    async (id: number) => {
      loaded.push(id);
      return { id, text: `${id}`.repeat(size) };
    },
    { name: 'find', sharedOnly: true, hours: 1 },
  );
  const call = async (id: number) => {
    expect(await find(id)).toEqual({ id, text: `${id}`.repeat(size) });
    await cache.settled();
  };
  return { cache, find, call, loaded };
}

const temporary = (directory: string) => filesBelow(directory).filter((file) => file.endsWith('.tmp'));

describe('decorated calls', () => {
  test('F32: on a full disk work, are served what is there, and leave nothing half', async () => {
    const directory = freshPath();
    if (!mountTmpfs(directory)) return;
    const { cache, call, loaded, find } = decorated(directory, 5_000);
    for (const id of [1, 2]) await call(id);
    writeFileSync(join(directory, 'filler'), Buffer.alloc(statfsSync(directory).bavail * 4_096));
    for (const id of [1, 3, 3, 2]) await call(id);
    expect(loaded).toEqual([1, 2, 3, 3]);
    expect(temporary(directory)).toEqual([]);
    expect(cache.stats().degraded['shared-write-failed']).toBe(2);
    // Deletes what it cannot put a tombstone in the place of.
    expect(await find.invalidate(1)).toEqual({ local: 'none', shared: 'done' });
    await call(1);
    expect(loaded).toEqual([1, 2, 3, 3, 1]);
  });

  test('F32: on a disk that may only be read are served what is there, and load what is not', async () => {
    const directory = freshPath();
    if (!mountTmpfs(directory)) return;
    const { call, loaded, find } = decorated(directory);
    await call(1);
    expect(run('mount', '-o', 'remount,ro', directory)).toBe(true);
    for (const id of [1, 2, 2, 1]) await call(id);
    expect(loaded).toEqual([1, 2, 2]);
    expect(await find.invalidate(1)).toEqual({ local: 'none', shared: 'failed' });
    await call(1);
    expect(loaded).toEqual([1, 2, 2]);
  });

  test('F32: with links planted in the place of directories work, and nothing is written behind them', async () => {
    const [directory, elsewhere] = [freshPath(), freshPath()];
    const { cache, call, loaded } = decorated(directory);
    await call(1);
    mkdirSync(elsewhere, { mode: 0o700 });
    for (const name of readdirSync(directory)) {
      renameSync(join(directory, name), join(directory, `${name}-away`));
      symlinkSync(elsewhere, join(directory, name));
    }
    for (const id of [1, 1]) await call(id);
    expect(loaded).toEqual([1, 1, 1]);
    expect(cache.stats().failures).toBeGreaterThan(0);
    expect(readdirSync(elsewhere)).toEqual([]);
  });

  test('F32: beside three writers, of which one is killed in a write, are right; what that leaves is swept', async () => {
    const directory = freshPath();
    const { call, loaded } = decorated(directory);
    for (let id = 0; id < 10; id += 1) await call(id);
    const task = { options: { directory }, keys: ['a', 'b', 'c'], size: 100_000 };
    const writers = [1, 2, 3].map((id) => startChild('writer', { ...task, id }));
    for (const writer of writers) expect(await writer.hear()).toBe('started');
    for (let turn = 0; turn < 20; turn += 1) {
      if (turn === 10) writers[0]?.kill();
      for (let id = 0; id < 10; id += 1) await call(id);
    }
    const dying = startChild('dying-writer', { ...task, key: 'a', stage: 'mid-write' });
    expect(await dying.ended).toEqual({ code: null, signal: 'SIGKILL' });
    for (const writer of writers.slice(1)) {
      writer.tell('stop');
      expect(await writer.hear()).toBeGreaterThan(0);
      await writer.ended;
    }
    expect(loaded).toHaveLength(10);
    expect(temporary(directory).length).toBeGreaterThan(0);
    const later = world(directory);
    const cache = later.open();
    later.clock.advance(720_000);
    await put(cache, 'other', 'v');
    expect(temporary(directory)).toEqual([]);
    for (let id = 0; id < 10; id += 1) await call(id);
    expect(loaded).toHaveLength(10);
  });
});
