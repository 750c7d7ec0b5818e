import { chmodSync, chownSync, lstatSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { FileSystemCache, type FileSystemCacheOptions } from '@recollect/file-system';
import { FakeClock } from '@recollect/testing';
import { CacheError } from 'recollect';
import { freshPath, look, onlyFile, put, world } from './scratch.js';

const context = { clock: new FakeClock(), report: () => {} };

function refusal(options: unknown): string {
  try {
    new FileSystemCache(options as FileSystemCacheOptions, context);
  } catch (error) {
    expect(CacheError.is(error) && error.code).toBe('ERR_CONFIGURATION');
    return (error as Error).message;
  }
  throw new Error(`accepted ${JSON.stringify(options)}`);
}

describe('options', () => {
  test.each([
    [undefined, 'options are undefined'],
    [null, 'options are null'],
    ['/tmp', 'options are "/tmp"'],
    [{}, 'option "directory" is undefined; accepted: a path'],
    [{ directory: '' }, 'option "directory" is ""'],
    [{ directory: 7 }, 'option "directory" is 7'],
    [{ directory: 'sub/a\0b' }, 'option "directory" is "sub/a\\u0000b"'],
    [
      { directory: 'x', dir: 'x' },
      'no option "dir"; accepted: directory, threshold, maxBytes, sweepIntervalMs',
    ],
    [{ directory: 'x', threshold: 0 }, 'option "threshold" is 0; accepted: a whole number from 1'],
    [{ directory: 'x', threshold: 1.5 }, 'option "threshold" is 1.5'],
    [{ directory: 'x', threshold: '500' }, 'option "threshold" is "500"'],
    [{ directory: 'x', threshold: Number.POSITIVE_INFINITY }, 'option "threshold" is Infinity'],
    [{ directory: 'x', maxBytes: -1 }, 'option "maxBytes" is -1'],
    [{ directory: 'x', maxBytes: Number.NaN }, 'option "maxBytes" is NaN'],
    [{ directory: 'x', maxBytes: [1] }, 'option "maxBytes" is an array'],
    [
      { directory: 'x', sweepIntervalMs: -1 },
      'option "sweepIntervalMs" is -1; accepted: a whole number from 0',
    ],
    [{ directory: 'x', sweepIntervalMs: 2 ** 31 }, 'option "sweepIntervalMs" is 2147483648'],
  ])('%j is refused', (options, message) => {
    expect(refusal(options)).toContain(message);
  });

  test('absent and undefined are the same', () => {
    const directory = freshPath();
    const cache = new FileSystemCache({ directory, threshold: undefined, maxBytes: undefined }, context);
    expect(cache.kind).toBe('FileSystemCache');
    expect(cache.corrupt).toBe('heal');
  });
});

describe('the directory', () => {
  test('is made with its parents, for the owner alone', async () => {
    const directory = join(freshPath(), 'a', 'b');
    const cache = world(directory).open();
    expect(lstatSync(directory).mode & 0o777).toBe(0o700);
    await put(cache, 'k', 'v');
    const file = onlyFile(directory);
    expect(lstatSync(dirname(file)).mode & 0o777).toBe(0o700);
    expect(lstatSync(file).mode & 0o777).toBe(0o600);
  });

  test('is resolved once: a later change of the working directory moves nothing', async () => {
    const directory = freshPath();
    const before = process.cwd();
    const cache = world(relative(before, directory)).open();
    try {
      mkdirSync(dirname(directory), { recursive: true });
      process.chdir('/');
      await put(cache, 'k', 'v');
    } finally {
      process.chdir(before);
    }
    expect(await look(world(directory).open(), 'k')).toBe('v');
  });

  test('is refused when it is a symbolic link, with or without a slash behind', () => {
    const target = freshPath();
    const link = freshPath();
    mkdirSync(target, { mode: 0o700 });
    symlinkSync(target, link);
    expect(refusal({ directory: link })).toContain('not a symbolic link');
    expect(refusal({ directory: `${link}/` })).toContain('not a symbolic link');
  });

  test('is refused when it is a dangling link: nothing is made behind it', () => {
    const target = freshPath();
    const link = freshPath();
    symlinkSync(target, link);
    expect(refusal({ directory: link })).toContain('not a symbolic link');
    expect(lstatSync(target, { throwIfNoEntry: false })).toBeUndefined();
  });

  test('is refused when it is a file or lies below one', () => {
    const file = freshPath();
    writeFileSync(file, '');
    expect(refusal({ directory: file })).toContain('a directory, not a file');
    expect(refusal({ directory: join(file, 'below') })).toMatch(/can be made \(.*ENOTDIR/);
  });

  test.each(['0777', '0770', '0702', '0720'])('is refused with mode %s', (mode) => {
    const directory = freshPath();
    mkdirSync(directory);
    chmodSync(directory, Number.parseInt(mode, 8));
    expect(refusal({ directory })).toContain(`only its owner may write to, such as mode 0700, not ${mode}`);
  });

  test.each(['0755', '0750', '0700'])('is taken with mode %s', (mode) => {
    const directory = freshPath();
    mkdirSync(directory);
    chmodSync(directory, Number.parseInt(mode, 8));
    expect(() => new FileSystemCache({ directory }, context)).not.toThrow();
  });

  test('is refused when it belongs to someone else', () => {
    // Both ways: as root one of ours is given away, as anyone else that of root is tried.
    const directory = process.geteuid?.() === 0 ? freshPath() : '/usr';
    if (process.geteuid?.() === 0) {
      mkdirSync(directory, { mode: 0o700 });
      chownSync(directory, 65_534, 65_534);
    }
    expect(refusal({ directory })).toMatch(/owned by user \d+, not by user \d+/);
  });
});
