import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import * as fs from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Disk, FileSystemCache } from '@recollect/file-system';
import { gate } from '@recollect/testing';
import { Layout } from '../src/layout.js';
import { gatedDisk } from './gated-disk.js';
import { bytes, filesBelow, HOUR, look, onlyFile, put, type World, world } from './scratch.js';

const add = async (cache: FileSystemCache, text: string) =>
  Buffer.from(await cache.add({ key: 'k', data: bytes(text), ttlMs: HOUR })).toString();

/**
 * A process that has judged the old record and is held up while it moves it aside, or, with the newer one written
 * meanwhile in its hands, before it links that back.
 */
async function heldUp(at: 'rename' | 'link') {
  const place = world();
  const other = place.open();
  await put(other, 'k', 'old');
  const moving = gate();
  const linking = gate();
  const disk = { ...gatedDisk('rename', moving), link: gatedDisk('link', linking).link };
  const slow = place.open({}, { disk });
  const deleting = slow.deleteIfEqual('k', bytes('old'));
  await moving.arrived;
  if (at === 'link') {
    await put(other, 'k', 'newer');
    moving.open();
    await linking.arrived;
  }
  const goOn = async () => {
    moving.open();
    linking.open();
    return deleting;
  };
  return { ...place, other, goOn, moving, linking };
}

/** A process that stops where it looks whether others hold records aside. */
async function stoppedBeforeItLooksForOthers({ open, directory }: Pick<World, 'open' | 'directory'>) {
  const looking = gate();
  let armed = false;
  const disk = gatedDisk('readdir', looking, (path) => armed && path.endsWith('held'));
  const cache = open({}, { disk });
  // The sweep of the first use looks there as well.
  await put(cache, 'another', 'v');
  await cache.delete(['another']);
  // A clear would look on behalf of this directory, too.
  rmdirSync(new Layout(directory).place('another').directory);
  armed = true;
  return { cache, looking };
}

/** The paths of all records, without what is held aside. */
const recordsBelow = (directory: string) =>
  filesBelow(directory)
    .filter((file) => /^[0-9a-f]{2}\/[0-9a-f]{62}$/.test(file))
    .map((file) => join(directory, file));

describe('a newer record, written after the old one was judged', () => {
  test('is put back when it was moved instead', async () => {
    const { other, goOn, directory } = await heldUp('link');
    // The window that is documented.
    expect(await look(other, 'k')).toBeUndefined();
    expect(await goOn()).toBe(false);
    expect(await look(other, 'k')).toBe('newer');
    expect(filesBelow(directory)).toHaveLength(1);
  });

  test('is not put over a yet newer one', async () => {
    const { other, goOn, directory } = await heldUp('link');
    await put(other, 'k', 'newest');
    expect(await goOn()).toBe(false);
    expect(await look(other, 'k')).toBe('newest');
    expect(filesBelow(directory)).toHaveLength(1);
  });

  test.each([
    { name: 'a delete', run: (cache: FileSystemCache) => cache.delete(['k']) },
    { name: 'a clear of everything', run: (cache: FileSystemCache) => cache.clear('') },
    { name: 'a clear of a prefix', run: (cache: FileSystemCache) => cache.clear('k') },
  ])('does not come back after $name that fell into the window', async ({ run }) => {
    const { other, goOn, ...place } = await heldUp('link');
    const { cache, looking } = await stoppedBeforeItLooksForOthers(place);
    const removed = run(cache);
    // It has found nothing; and when it looks who holds something aside, it is there again.
    await looking.arrived;
    expect(await goOn()).toBe(false);
    expect(await look(other, 'k')).toBe('newer');
    looking.open();
    expect(await removed).toBe(1);
    expect(await look(other, 'k')).toBeUndefined();
  });

  test.each(['delete', 'clear'] as const)('is waited for by a %s', async (operation) => {
    const { other, goOn } = await heldUp('link');
    const removed = operation === 'delete' ? other.delete(['k']) : other.clear('');
    expect(await goOn()).toBe(false);
    expect(await removed).toBe(1);
    expect(await look(other, 'k')).toBeUndefined();
  });

  test('is what an add answers with that fell into the window, or the add is what stays', async () => {
    const { other, goOn, open } = await heldUp('link');
    const third = open();
    const answers = [add(other, 'added'), add(third, 'added too')];
    await goOn();
    const [first, second] = await Promise.all(answers);
    expect(first).toBe(second);
    expect(await look(other, 'k')).toBe(first);
  });

  test('that is the same again is deleted', async () => {
    const { other, goOn } = await heldUp('rename');
    await put(other, 'k', 'old');
    expect(await goOn()).toBe(true);
    expect(await look(other, 'k')).toBeUndefined();
  });
});

test('an add that found its own record does not answer with it when it was lost since', async () => {
  const { other, goOn, moving, linking, ...place } = await heldUp('rename');
  const { directory } = place;
  // As an eviction would: nothing is there any more.
  unlinkSync(recordsBelow(directory)[0] as string);
  const { cache, looking } = await stoppedBeforeItLooksForOthers(place);
  const first = add(cache, 'first');
  await looking.arrived;
  moving.open();
  await linking.arrived;
  const second = add(other, 'second');
  while (recordsBelow(directory).length === 0) await new Promise(setImmediate);
  expect(await goOn()).toBe(false);
  expect(await second).toBe('second');
  looking.open();
  expect(await first).toBe('second');
  expect(await look(other, 'k')).toBe('second');
});

test('a record that has taken the place of the one judged before anyone was told is not even moved', async () => {
  const { open } = world();
  const other = open();
  await put(other, 'k', 'old');
  const announcing = gate();
  let moves = 0;
  const disk: Disk = {
    ...fs,
    async open(path, ...rest) {
      if (String(path).includes('held')) await announcing.opened;
      return fs.open(path, ...rest);
    },
    rename(from, to) {
      moves += 1;
      return fs.rename(from, to);
    },
  };
  const deleting = open({}, { disk }).deleteIfEqual('k', bytes('old'));
  await announcing.arrived;
  await other.delete(['k']);
  expect(await add(other, 'added')).toBe('added');
  announcing.open();
  expect(await deleting).toBe(false);
  expect(moves).toBe(0);
  expect(await look(other, 'k')).toBe('added');
});

test('an add over an expired record agrees with one that is held up while it removes that record', async () => {
  const place = world();
  const fast = place.open();
  await put(fast, 'k', 'old', 10);
  place.clock.advance(20);
  const moving = gate();
  const slow = place.open({}, { disk: gatedDisk('rename', moving) });
  const late = add(slow, 'late');
  await moving.arrived;
  const early = add(fast, 'early');
  const third = add(place.open(), 'third');
  moving.open();
  const answers = await Promise.all([late, early, third]);
  expect(new Set(answers).size).toBe(1);
  expect(await look(fast, 'k')).toBe(answers[0]);
});

describe('what a process left that died', () => {
  /** An announcement, or a record moved aside, without anyone to go on. */
  async function left(what: 'announcement' | 'record') {
    const place = world();
    const cache = place.open();
    await put(cache, 'k', 'old');
    const file = onlyFile(place.directory);
    const held = join(place.directory, 'held');
    const digest = basename(dirname(file)) + basename(file);
    mkdirSync(held, { mode: 0o700 });
    const path = join(held, `${digest}.00000000-0000-4000-8000-000000000000`);
    if (what === 'record') renameSync(file, path);
    else writeFileSync(path, '');
    return { ...place, cache, held, path };
  }

  test.each(['announcement', 'record'] as const)('(%s) delays an add by seconds, once', async (what) => {
    const { cache, held } = await left(what);
    expect(await add(cache, 'new')).toBe(what === 'record' ? 'new' : 'old');
    expect(readdirSync(held)).toEqual([]);
    expect(await cache.delete(['k'])).toBe(1);
  });

  test('is swept when it is old, and not before', async () => {
    const { held, open, clock, path } = await left('record');
    clock.advance(599_000);
    await put(open(), 'other', 'v');
    expect(readFileSync(path).length).toBeGreaterThan(0);
    // The time of the file is a real one: some of it passes while the test runs.
    clock.advance(120_000);
    await put(open(), 'another', 'v');
    expect(readdirSync(held)).toEqual([]);
  });
});

test('an announcement that cannot be made on a full disk does not keep the record from being removed', async () => {
  const place = world();
  const cache = place.open();
  await put(cache, 'k', 'v', 10);
  place.clock.advance(20);
  const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  const disk: Disk = {
    ...fs,
    open: (path, ...rest) => (String(path).includes('held') ? Promise.reject(full) : fs.open(path, ...rest)),
  };
  const other = place.open({}, { disk });
  expect(await look(other, 'k')).toBeUndefined();
  expect(filesBelow(place.directory)).toEqual([]);
});
