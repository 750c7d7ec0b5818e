import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import type { Disk, FileSystemCache } from '@recollect/file-system';
import { gate } from '@recollect/testing';
import type { Tombstone } from 'recollect';
import { gatedDisk } from './gated-disk.js';
import { bytes, filesBelow, HOUR, look, onlyFile, put, world } from './scratch.js';

const record = (text: string, ttlMs = HOUR) => ({ key: 'k', data: bytes(text), ttlMs });

describe('a fill', () => {
  test('stores where nothing is, whatever was expected', async () => {
    const cache = world().open();
    expect(await cache.fill(record('a'), undefined)).toBe(true);
    expect(await look(cache, 'k')).toBe('a');
    await cache.delete(['k']);
    expect(await cache.fill(record('b'), bytes('gone'))).toBe(true);
    expect(await look(cache, 'k')).toBe('b');
  });

  test('stores over just what was expected, and leaves no other file', async () => {
    const { open, directory } = world();
    const cache = open();
    await put(cache, 'k', 'tombstone');
    for (const other of [undefined, bytes(''), bytes('tombston'), bytes('tombstone2'), bytes('TOMBSTONE')]) {
      expect(await cache.fill(record('new'), other)).toBe(false);
      expect(await look(cache, 'k')).toBe('tombstone');
    }
    expect(await cache.fill(record('new'), bytes('tombstone'))).toBe(true);
    expect(await look(cache, 'k')).toBe('new');
    expect(filesBelow(directory)).toHaveLength(1);
  });

  test('does not take empty data for nothing', async () => {
    const cache = world().open();
    await put(cache, 'k', '');
    expect(await cache.fill(record('new'), undefined)).toBe(false);
    expect(await cache.fill(record('new'), new Uint8Array())).toBe(true);
  });

  test('compares bytes, not text', async () => {
    const cache = world().open();
    await cache.write([{ key: 'k', data: Uint8Array.of(0xff), ttlMs: HOUR }]);
    expect(await cache.fill(record('new'), Uint8Array.of(0xfe))).toBe(false);
    expect(await cache.fill(record('new'), Uint8Array.of(0xff))).toBe(true);
  });

  test('stores where what was there has expired or is damaged', async () => {
    const { open, clock, directory } = world();
    const cache = open();
    await put(cache, 'k', 'old', 10);
    clock.advance(10);
    expect(await cache.fill(record('a'), undefined)).toBe(true);
    truncateSync(onlyFile(directory), 50);
    expect(await cache.fill(record('b'), bytes('expected'))).toBe(true);
    expect(await look(cache, 'k')).toBe('b');
  });

  test('leaves what another version of the format wrote', async () => {
    const { open, directory } = world();
    const cache = open();
    await put(cache, 'k', 'old');
    const file = readFileSync(onlyFile(directory));
    file.writeUInt32LE(2, 4);
    writeFileSync(onlyFile(directory), file);
    expect(await cache.fill(record('new'), undefined)).toBe(false);
    expect(await cache.fill(record('new'), bytes('old'))).toBe(false);
    expect(readFileSync(onlyFile(directory)).equals(file)).toBe(true);
  });

  test('counts the life from the call, and takes the bytes as they were then', async () => {
    const { open, clock } = world();
    const cache = open();
    await put(cache, 'k', 'expected');
    const [own, expected] = [record('value', 1_000), bytes('expected')];
    const filling = cache.fill(own, expected);
    own.data.fill(0);
    expected.fill(0);
    clock.advance(300);
    expect(await filling).toBe(true);
    expect(await look(cache, 'k')).toBe('value');
    expect((await cache.read(['k']))[0]?.ttlMs).toBe(700);
  });

  test('keeps its turn among the changes of a key in one process', async () => {
    const cache = world().open();
    const answers = await Promise.all([
      cache.write([record('1')]),
      cache.fill(record('2'), bytes('1')),
      cache.fill(record('3'), bytes('1')),
      cache.delete(['k']),
      cache.fill(record('4'), undefined),
    ]);
    expect(answers).toEqual([true, true, false, 1, true]);
    expect(await look(cache, 'k')).toBe('4');
  });

  test('of one of many values at the same time is the only one', async () => {
    const { open } = world();
    const caches = [open(), open(), open(), open()];
    await put(caches[0] ?? open(), 'k', 'tombstone');
    const answers = await Promise.all(
      caches.flatMap((cache) => [
        cache.fill(record('over nothing'), undefined),
        cache.fill(record('over it'), bytes('tombstone')),
      ]),
    );
    expect(answers.filter(Boolean)).toHaveLength(1);
    expect(await look(open(), 'k')).toBe('over it');
  });
});

describe.each([
  { what: 'nothing', expected: undefined },
  { what: 'a tombstone', expected: bytes('tombstone') },
])('a load that had read $what, held up in its fill', ({ expected }) => {
  /** Held up in the last call, when all has been compared. */
  async function heldUp() {
    const { open } = world();
    const other = open();
    if (expected !== undefined) await put(other, 'k', 'tombstone');
    const renaming = gate();
    const filling = open({}, { disk: gatedDisk('rename', renaming) }).fill(record('stale'), expected);
    await renaming.arrived;
    const goOn = () => {
      renaming.open();
      return filling;
    };
    return { open, other, goOn };
  }

  test.each<{ how: string; bury: (cache: FileSystemCache, tombstone: Tombstone) => Promise<unknown> }>([
    { how: 'written', bury: (cache, tombstone) => cache.write([{ key: 'k', ...tombstone }]) },
    { how: 'left by a delete', bury: (cache, tombstone) => cache.delete(['k'], tombstone) },
  ])('does not put it over a newer tombstone that was $how', async ({ bury }) => {
    const { other, goOn } = await heldUp();
    await bury(other, { data: bytes('newer tombstone'), ttlMs: HOUR });
    expect(await goOn()).toBe(false);
    expect(await look(other, 'k')).toBe('newer tombstone');
  });

  test('nor over what was filled in over that one', async () => {
    const { open, other, goOn } = await heldUp();
    await put(other, 'k', 'newer tombstone');
    expect(await open().fill(record('fresh'), bytes('newer tombstone'))).toBe(true);
    expect(await goOn()).toBe(false);
    expect(await look(other, 'k')).toBe('fresh');
  });

  test('nor over what was added after a delete', async () => {
    const { other, goOn } = await heldUp();
    await other.delete(['k']);
    // It may have to wait until the other one counts as abandoned.
    const adding = other.add(record('added'));
    const isStored = await goOn();
    expect(Buffer.from(await adding).toString()).toBe(isStored ? 'stale' : 'added');
    expect(await look(other, 'k')).toBe(isStored ? 'stale' : 'added');
  });

  test('puts it where all was deleted', async () => {
    const { other, goOn } = await heldUp();
    await other.delete(['k']);
    expect(await goOn()).toBe(true);
    expect(await look(other, 'k')).toBe('stale');
  });
});

test('a tombstone is never missing while a fill takes its place: a load that had read nothing finds no gap', async () => {
  const { open } = world();
  const stale = open();
  await put(stale, 'k', 'tombstone');
  const seen: (string | undefined)[] = [];
  const onlooker = open();
  const watching = <Args extends unknown[], Result>(call: (...args: Args) => Promise<Result>) => {
    return async (...args: Args) => {
      seen.push(await look(onlooker, 'k'));
      expect(await stale.fill(record('stale'), undefined)).toBe(false);
      return call(...args);
    };
  };
  const disk = { ...fs, readdir: watching(fs.readdir), rename: watching(fs.rename) } as object as Disk;
  const cache = open({}, { disk });
  await cache.fill(record('fresh'), bytes('tombstone'));
  seen.push(await look(onlooker, 'k'));
  expect(seen.length).toBeGreaterThan(2);
  expect(seen.every((each) => each === 'tombstone' || each === 'fresh')).toBe(true);
});

test('a fill that is kept from it by another process gives up soon and stores nothing', async () => {
  const { open } = world();
  const renaming = gate();
  const writing = put(open({}, { disk: gatedDisk('rename', renaming) }), 'k', 'tombstone');
  await renaming.arrived;
  let pauses = 0;
  const pause = async () => {
    pauses += 1;
  };
  const cache = open({}, { pause });
  expect(await cache.fill(record('stale'), undefined)).toBe(false);
  expect(pauses).toBe(20);
  renaming.open();
  await writing;
  expect(await look(cache, 'k')).toBe('tombstone');
});
