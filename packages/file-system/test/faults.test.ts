import * as fs from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import type { Disk } from '@recollect/file-system';
import { gate } from '@recollect/testing';
import { BackendError } from 'recollect';
import { gatedDisk } from './gated-disk.js';
import { bytes, filesBelow, HOUR, look, put, world } from './scratch.js';

const failing = (code: string) => Object.assign(new Error(`${code}: said the system`), { code });
const record = (key: string, text: string) => ({ key, data: bytes(text), ttlMs: HOUR });

/** The real file system, but files being written fail after half of the bytes. */
const fullDisk = (code: string): Disk => ({
  ...fs,
  async open(path, ...rest) {
    const handle = await fs.open(path, ...rest);
    handle.writeFile = async (data) => {
      const half = data as Uint8Array;
      await handle.write(half.subarray(0, half.length / 2));
      throw failing(code);
    };
    return handle;
  },
});

describe.each(['ENOSPC', 'EDQUOT', 'EFBIG', 'EIO'])('a disk that says %s', (code) => {
  test('fails the write, keeps the old value, leaves nothing behind, and goes on reading', async () => {
    const { directory, open } = world();
    await put(open(), 'k', 'old');
    const cache = open({}, { disk: fullDisk(code) });
    const error = await cache.write([record('k', 'new')]).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(BackendError);
    expect(error).toMatchObject({ backend: 'FileSystemCache', operation: 'write', cause: { code } });
    await expect(cache.add(record('other', 'v'))).rejects.toMatchObject({
      operation: 'add',
      cause: { code },
    });
    expect(await look(cache, 'k')).toBe('old');
    expect(filesBelow(directory)).toHaveLength(1);
    expect(await cache.delete(['k'])).toBe(1);
  });
});

test('a failure of one record is told after the others are stored', async () => {
  const { open } = world();
  const place = open();
  const renaming = gate();
  let first = true;
  const disk: Disk = {
    ...fs,
    async rename(from, to) {
      if (first) {
        first = false;
        throw failing('EIO');
      }
      await renaming.opened;
      return fs.rename(from, to);
    },
  };
  const cache = open({}, { disk });
  const writing = cache.write([record('a', '1'), record('b', '2')]);
  await renaming.arrived;
  renaming.open();
  await expect(writing).rejects.toBeInstanceOf(BackendError);
  expect([await look(place, 'a'), await look(place, 'b')].filter(Boolean)).toHaveLength(1);
});

describe.each(['read', 'write', 'add', 'delete', 'deleteIfEqual', 'scan', 'clear'] as const)(
  '%s',
  (operation) => {
    test('rejects with a BackendError that names it', async () => {
      const { open } = world();
      await put(open(), 'k', 'v');
      const sick = () => Promise.reject(failing('EIO'));
      const cache = open({}, { disk: { ...fs, lstat: sick, readdir: sick } as object as Disk });
      const run = {
        read: () => cache.read(['k']),
        write: () => cache.write([record('k', 'v')]),
        add: () => cache.add(record('k', 'v')),
        delete: () => cache.delete(['k']),
        deleteIfEqual: () => cache.deleteIfEqual('k', bytes('v')),
        scan: () => cache.scan('').next(),
        clear: () => cache.clear(''),
      };
      await expect(run[operation]()).rejects.toMatchObject({
        code: 'ERR_BACKEND',
        operation,
        cause: { code: 'EIO' },
      });
    });
  },
);

test('a key or data of a wrong type is a rejection, and the other records are stored', async () => {
  const cache = world().open();
  const wrong = { key: 'bad', data: undefined as unknown as Uint8Array, ttlMs: HOUR };
  await expect(cache.write([record('good', 'v'), wrong])).rejects.toBeInstanceOf(BackendError);
  await expect(cache.read([7 as unknown as string])).rejects.toBeInstanceOf(BackendError);
  expect(await look(cache, 'good')).toBe('v');
});

test('a background sweep that fails is reported and rejects nothing', async () => {
  const { open, failures } = world();
  const cache = open(
    {},
    { disk: { ...fs, readdir: () => Promise.reject(failing('EIO')) } as object as Disk },
  );
  expect(await look(cache, 'k')).toBeUndefined();
  await cache.close();
  expect(failures).toEqual([
    { operation: 'background', error: expect.objectContaining({ code: 'ERR_BACKEND', operation: 'sweep' }) },
  ]);
});

test('a read of a thousand keys opens no more than 64 files at a time', async () => {
  const { open } = world();
  const keys = Array.from({ length: 1_000 }, (_, index) => `k${index}`);
  await open().write(keys.map((key) => record(key, key)));
  let now = 0;
  let most = 0;
  const disk: Disk = {
    ...fs,
    async open(...args) {
      const handle = await fs.open(...args);
      most = Math.max(most, ++now);
      const close = handle.close.bind(handle);
      handle.close = () => close().finally(() => --now);
      return handle;
    },
  };
  const cache = open({}, { disk });
  const records = await cache.read(keys);
  await cache.close();
  expect(records.every((each, index) => Buffer.from(each?.data ?? []).toString() === keys[index])).toBe(true);
  expect(now).toBe(0);
  expect(most).toBeLessThanOrEqual(64);
  expect(most).toBeGreaterThan(8);
});

describe('in one process', () => {
  test('changes of a key take effect in the order they were asked for, also unawaited', async () => {
    const { open } = world();
    const renaming = gate();
    const cache = open({}, { disk: gatedDisk('rename', renaming) });
    const done = [
      cache.write([record('k', '1')]),
      cache.delete(['k']),
      cache.write([record('k', '2')]),
      cache.write([record('k', '3'), record('k', '4')]),
    ];
    const last = look(cache, 'k');
    await renaming.arrived;
    renaming.open();
    await Promise.all(done);
    expect(await last).toBe('4');
    expect(await look(cache, 'k')).toBe('4');
  });

  test('a clear takes with it what was written before, also unawaited', async () => {
    const { open } = world();
    const renaming = gate();
    const cache = open({}, { disk: gatedDisk('rename', renaming) });
    const writing = cache.write([record('k', 'v')]);
    await renaming.arrived;
    const clearing = cache.clear('');
    // Time for it to do what it must not: to end.
    await Promise.race([clearing, sleep(200)]);
    renaming.open();
    await Promise.all([writing, clearing]);
    expect(await look(cache, 'k')).toBeUndefined();
  });

  test('a failed change does not hold up the next one', async () => {
    const { open } = world();
    let first = true;
    const disk: Disk = {
      ...fs,
      async rename(from, to) {
        if (!first) return fs.rename(from, to);
        first = false;
        throw failing('EIO');
      },
    };
    const cache = open({}, { disk });
    const [failed, stored] = await Promise.allSettled([
      cache.write([record('k', '1')]),
      cache.write([record('k', '2')]),
    ]);
    expect([failed.status, stored.status]).toEqual(['rejected', 'fulfilled']);
    expect(await look(cache, 'k')).toBe('2');
  });
});

test('close waits for the write under way', async () => {
  const { open } = world();
  const renaming = gate();
  const cache = open({}, { disk: gatedDisk('rename', renaming) });
  const events: string[] = [];
  const writing = cache.write([record('k', 'v')]).then(() => events.push('written'));
  await renaming.arrived;
  const closing = Promise.all([cache.close(), cache.close()]).then(() => events.push('closed'));
  await expect(cache.read(['k'])).rejects.toThrow(/it is closed/);
  renaming.open();
  await Promise.all([writing, closing]);
  expect(events).toEqual(['written', 'closed']);
  expect(await look(open(), 'k')).toBe('v');
});

test('the directory may be removed under a running cache', async () => {
  const { directory, open } = world();
  const cache = open();
  await put(cache, 'k', 'v');
  await fs.rm(directory, { recursive: true });
  expect(await look(cache, 'k')).toBeUndefined();
  expect(await cache.delete(['k'])).toBe(0);
  expect(await cache.clear('')).toBe(0);
  await put(cache, 'k', 'again');
  expect(await look(cache, 'k')).toBe('again');
  expect((await fs.lstat(directory)).mode & 0o777).toBe(0o700);
});
