import { mkdirSync, readdirSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Disk, FileSystemCache } from '@recollect/file-system';
import { gate } from '@recollect/testing';
import { Layout } from '../src/layout.js';
import { gatedDisk } from './gated-disk.js';
import { bytes, filesBelow, HOUR, look, onlyFile, put, world } from './scratch.js';

const record = (text: string) => ({ key: 'k', data: bytes(text), ttlMs: HOUR });
const add = async (cache: FileSystemCache, text: string) =>
  Buffer.from(await cache.add(record(text))).toString();

/** A process that is held up while it removes the old record: before it announces that, or before it moves it aside. */
async function heldUp(at: 'mkdir' | 'rename') {
  const place = world();
  // While it waits for the other one, time passes.
  const other = place.open({}, { pause: async () => place.clock.advance(100) });
  await put(other, 'k', 'old');
  const held = gate();
  const slow = place.open({}, { disk: gatedDisk(at, held) });
  const deleting = slow.deleteIfEqual('k', bytes('old'));
  await held.arrived;
  const goOn = () => {
    held.open();
    return deleting;
  };
  return { ...place, other, goOn };
}

describe.each(['mkdir', 'rename'] as const)('a removal that is held up before its %s', (at) => {
  test.each<{ name: string; run: (cache: FileSystemCache) => Promise<unknown> }>([
    { name: 'written', run: (cache) => cache.write([record('newer')]) },
    { name: 'filled in', run: (cache) => cache.fill(record('newer'), bytes('old')) },
    {
      name: 'added after a delete',
      run: async (cache) => {
        await cache.delete(['k']);
        await cache.add(record('newer'));
      },
    },
  ])('takes nothing of what was $name meanwhile', async ({ run }) => {
    // A fill that finds it announced may lose: then there is nothing to take.
    const { other, goOn, directory } = await heldUp(at);
    for (let attempt = 0; (await look(other, 'k')) !== 'newer' && attempt < 100; attempt += 1)
      await run(other);
    expect(await look(other, 'k')).toBe('newer');
    expect(await goOn()).toBe(false);
    expect(await look(other, 'k')).toBe('newer');
    expect(filesBelow(directory)).toHaveLength(1);
  });

  test('takes what is the same again', async () => {
    const { other, goOn } = await heldUp(at);
    await put(other, 'k', 'old');
    expect(await goOn()).toBe(true);
    expect(await look(other, 'k')).toBeUndefined();
  });

  test('finds nothing where another has removed it', async () => {
    const { other, goOn, directory } = await heldUp(at);
    expect(await other.delete(['k'])).toBe(1);
    expect(await goOn()).toBe(false);
    expect(filesBelow(directory)).toEqual([]);
  });
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

describe('an eviction', () => {
  test('that is held up before it moves its victim aside does not take what was written meanwhile', async () => {
    const { directory, open } = world();
    const other = open();
    for (const key of ['k', 'l']) await put(other, key, 'old');
    const { path } = new Layout(directory).place('k');
    utimesSync(path, 1, statSync(path).mtimeMs / 1_000);
    const moving = gate();
    const disk = gatedDisk('rename', moving, (from) => from === path);
    const putting = put(open({ threshold: 2 }, { disk }), 'm', 'v');
    await moving.arrived;
    await put(other, 'k', 'newer');
    moving.open();
    await putting;
    expect(await look(other, 'k')).toBe('newer');
  });
});

describe('what a process left that died', () => {
  type Left = 'write' | 'swap' | 'take' | 'take with the record';

  /** An entry of `intents` without anyone to go on, that goes before all others of its kind. */
  async function left(what: Left) {
    const place = world();
    const cache = place.open();
    await put(cache, 'k', 'old');
    const file = onlyFile(place.directory);
    const digest = basename(dirname(file)) + basename(file);
    const intents = join(place.directory, 'intents');
    const name = `${digest}.00000000-0000-4000-8000-000000000000`;
    if (what === 'write' || what === 'swap')
      writeFileSync(join(intents, `${name}.${what}.tmp`), 'half a rec');
    else mkdirSync(join(intents, `${name}.take`), { mode: 0o700 });
    if (what === 'take with the record') renameSync(file, join(intents, `${name}.take`, 'record'));
    return { ...place, place, cache, intents, expected: what === 'take with the record' ? undefined : 'old' };
  }

  const all = ['write', 'swap', 'take', 'take with the record'] as const;

  test.each(all)('(%s) lets a write through at once', async (what) => {
    const { cache, intents } = await left(what);
    await put(cache, 'k', 'new');
    expect(await look(cache, 'k')).toBe('new');
    expect(readdirSync(intents)).toHaveLength(what === 'write' ? 1 : 0);
  });

  test.each(all)('(%s) keeps a fill out for two seconds', async (what) => {
    const { cache, intents, expected, clock } = await left(what);
    const fill = () => cache.fill(record('new'), expected === undefined ? undefined : bytes(expected));
    expect(await fill()).toBe(false);
    expect(await look(cache, 'k')).toBe(expected);
    clock.advance(2_000 + slack(intents));
    expect(await fill()).toBe(true);
    expect(await look(cache, 'k')).toBe('new');
    expect(readdirSync(intents)).toEqual([]);
  });

  test.each(all)('(%s) delays an add and a removal by two seconds, once', async (what) => {
    const { cache, open, intents, expected, clock } = await left(what);
    let pauses = 0;
    const pause = async () => {
      pauses += 1;
      if (pauses === 10) clock.advance(2_000 + slack(intents));
    };
    const patient = open({}, { pause });
    if (expected !== undefined) expect(await patient.deleteIfEqual('k', bytes(expected))).toBe(true);
    expect(await add(patient, 'new')).toBe('new');
    expect(pauses).toBe(10);
    expect(await look(cache, 'k')).toBe('new');
    expect(readdirSync(intents)).toEqual([]);
  });

  test.each(all)('(%s) is swept when it is old, and not before', async (what) => {
    const { intents, open, clock } = await left(what);
    clock.advance(590_000);
    await put(open(), 'other', 'v');
    expect(readdirSync(intents)).toHaveLength(1);
    clock.advance(10_000 + slack(intents));
    await put(open(), 'another', 'v');
    expect(readdirSync(intents)).toEqual([]);
  });

  test('is abandoned as well when it lies in the future: the clock was set back', async () => {
    const { cache, place } = await left('write');
    place.wallOffset -= 3_600_000;
    expect(await cache.fill(record('new'), bytes('old'))).toBe(true);
  });

  /** The time of the file is a real one: some of it passes while the test runs. */
  const slack = (path: string) => Date.now() - statSync(path).birthtimeMs + 1_000;
});

describe('on a full disk, where nothing can be announced,', () => {
  const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  const disk = { ...fs, mkdir: () => Promise.reject(full) } as object as Disk;

  test('a record loses its data all the same, and its file when there is room again', async () => {
    const { open, directory } = world();
    await put(open(), 'k', 'v');
    expect(await open({}, { disk }).deleteIfEqual('k', bytes('other'))).toBe(false);
    expect(await open({}, { disk }).deleteIfEqual('k', bytes('v'))).toBe(true);
    expect(statSync(onlyFile(directory)).size).toBe(0);
    expect(await look(open({}, { disk }), 'k')).toBeUndefined();
    expect(await look(open(), 'k')).toBeUndefined();
    expect(filesBelow(directory)).toEqual([]);
  });

  test('one that took its place meanwhile keeps its data', async () => {
    const { open } = world();
    const other = open();
    await put(other, 'k', 'old');
    const announcing = gate();
    const mkdir = async () => {
      await announcing.opened;
      throw full;
    };
    const deleting = open({}, { disk: { ...fs, mkdir } as object as Disk }).deleteIfEqual('k', bytes('old'));
    await announcing.arrived;
    await put(other, 'k', 'newer');
    announcing.open();
    expect(await deleting).toBe(false);
    expect(await look(other, 'k')).toBe('newer');
  });
});
