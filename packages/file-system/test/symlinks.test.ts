import { spawnSync } from 'node:child_process';
import {
  chownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { encodeRecord } from '../src/record-format.js';
import { freshPath, HOUR, look, onlyFile, put, world } from './scratch.js';

/** A cache with one record, and a place outside. */
async function planted() {
  const place = world();
  const cache = place.open();
  await put(cache, 'k', 'mine');
  const outside = freshPath();
  mkdirSync(outside);
  const file = onlyFile(place.directory);
  return { ...place, cache, outside, file, fan: dirname(file) };
}

const refused = (why: RegExp) =>
  expect.objectContaining({ code: 'ERR_BACKEND', message: expect.stringMatching(why) });

describe('a symbolic link', () => {
  test('in place of a directory of records is refused by every operation, even after it was used', async () => {
    const { cache, outside, fan } = await planted();
    rmSync(fan, { recursive: true });
    symlinkSync(outside, fan);
    const record = { key: 'k', data: Buffer.from('x'), ttlMs: HOUR };
    const isLink = refused(/symbolic link/);
    await expect(cache.read(['k'])).rejects.toEqual(isLink);
    await expect(cache.write([record])).rejects.toEqual(isLink);
    await expect(cache.add(record)).rejects.toEqual(isLink);
    await expect(cache.delete(['k'])).rejects.toEqual(isLink);
    await expect(cache.deleteIfEqual('k', record.data)).rejects.toEqual(isLink);
    await expect(cache.clear('')).rejects.toEqual(isLink);
    await expect(cache.scan('').next()).rejects.toEqual(isLink);
    expect(readdirSync(outside)).toEqual([]);
  });

  test('in place of a directory does not stop a sweep, which tells of it and leaves what lies behind it', async () => {
    const { cache, outside, fan, file, failures, directory, open, clock } = await planted();
    await cache.close();
    const elsewhere = fan.endsWith('00') ? '01' : '00';
    symlinkSync(outside, join(directory, elsewhere));
    const stranger = join(outside, 'f'.repeat(62));
    writeFileSync(stranger, encodeRecord('x', Buffer.from('x'), 0, 1));
    clock.advance(2 * HOUR);
    const sweeper = open({ threshold: 1 });
    await put(sweeper, 'other', 'v');
    expect(lstatSync(file, { throwIfNoEntry: false })).toBeUndefined();
    expect(readFileSync(stranger).length).toBeGreaterThan(0);
    expect(failures).toEqual([{ operation: 'background', error: refused(/symbolic link/) }]);
  });

  test('in place of a record is not read, and a write replaces the link, not its target', async () => {
    const { cache, outside, file } = await planted();
    const target = join(outside, 'target');
    // A good record for the very key, so that following the link would work.
    renameSync(file, target);
    symlinkSync(target, file);
    await expect(cache.read(['k'])).rejects.toEqual(refused(/ELOOP/));
    await expect(cache.delete(['k'])).rejects.toEqual(refused(/ELOOP/));
    const before = readFileSync(target);
    await put(cache, 'k', 'new');
    expect(await look(cache, 'k')).toBe('new');
    expect(lstatSync(file).isSymbolicLink()).toBe(false);
    expect(readFileSync(target).equals(before)).toBe(true);
  });

  test('in place of the directory for what is taken away is refused', async () => {
    const { cache, outside, directory } = await planted();
    symlinkSync(outside, join(directory, 'held'));
    await expect(cache.deleteIfEqual('k', Buffer.from('mine'))).rejects.toEqual(refused(/symbolic link/));
    expect(readdirSync(outside)).toEqual([]);
    expect(await look(cache, 'k')).toBe('mine');
  });
});

test('a directory of records that belongs to someone else is not entered', async () => {
  const { cache, fan } = await planted();
  if (process.geteuid?.() !== 0) return console.info('symlinks.test.ts: only root can give a directory away');
  chownSync(fan, 65_534, 65_534);
  await expect(cache.read(['k'])).rejects.toEqual(refused(/owned by user 65534/));
});

describe('in place of a record', () => {
  test('a directory is refused', async () => {
    const { cache, file } = await planted();
    rmSync(file);
    mkdirSync(file);
    await expect(cache.read(['k'])).rejects.toEqual(refused(/is not a file/));
  });

  test('a pipe is refused and does not hang the reader', async () => {
    const { cache, file } = await planted();
    rmSync(file);
    expect(spawnSync('mkfifo', [file]).status).toBe(0);
    await expect(cache.read(['k'])).rejects.toEqual(refused(/is not a file/));
  });
});

test('files with other names are neither read, nor counted, nor removed', async () => {
  const { cache, directory, fan, open, clock } = await planted();
  const strangers = [
    join(directory, 'README'),
    join(fan, 'notes.tmp'),
    join(fan, 'A'.repeat(62)),
    join(directory, 'AB'),
  ];
  for (const path of strangers) writeFileSync(path, 'not ours');
  await cache.clear('');
  clock.advance(24 * HOUR);
  await put(open({ threshold: 1 }), 'other', 'v');
  for (const path of strangers) expect(readFileSync(path, 'utf8')).toBe('not ours');
});
