import { chmodSync, mkdtempSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, jest } from '@jest/globals';
import {
  FileSystemCache,
  type FileSystemCacheOptions,
  type FileSystemCacheSurroundings,
} from '@recollect/file-system';
import { FakeClock } from '@recollect/testing';
import type { Failure } from 'recollect';

// Thousands of small files, on a machine that may be busy with other things.
jest.setTimeout(120_000);

/**
 * In memory where there is room: on a disk that has just been written to, thousands of renames wait for its journal, which
 * tests nothing. `RECOLLECT_TEST_DIRECTORY` names another place.
 */
function place(): string {
  if (process.env.RECOLLECT_TEST_DIRECTORY) return process.env.RECOLLECT_TEST_DIRECTORY;
  try {
    const { bavail, bsize } = statfsSync('/dev/shm');
    return bavail * bsize > 2 ** 30 ? '/dev/shm' : tmpdir();
  } catch {
    return tmpdir();
  }
}

const root = mkdtempSync(join(place(), 'recollect-file-system-'));
// Some tests run a process of another user.
chmodSync(root, 0o755);
const open = new Set<FileSystemCache>();
let count = 0;

afterEach(async () => {
  await Promise.all([...open].map((cache) => cache.close()));
  open.clear();
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A path nobody else uses; nothing is there yet. */
export const freshPath = (): string => join(root, `${count++}`);

/** A cache in a world of its own, whose two clocks move together unless the test moves one of them. */
export interface World {
  readonly directory: string;
  readonly clock: FakeClock;
  readonly failures: Failure[];
  /** How far the wall clock is ahead of the monotonic one. */
  wallOffset: number;
  open(
    options?: Partial<FileSystemCacheOptions>,
    surroundings?: FileSystemCacheSurroundings,
  ): FileSystemCache;
}

export function world(directory = freshPath()): World {
  const clock = new FakeClock();
  const failures: Failure[] = [];
  const self: World = {
    directory,
    clock,
    failures,
    wallOffset: Date.now() - clock.now(),
    open(options, surroundings) {
      const context = { clock, report: (failure: Failure) => void failures.push(failure) };
      const now = () => clock.now() + self.wallOffset;
      // No sweep by itself unless asked for: a test says when.
      const cache = new FileSystemCache({ directory, sweepIntervalMs: 0, ...options }, context, {
        now,
        ...surroundings,
      });
      open.add(cache);
      return cache;
    },
  };
  return self;
}

export const HOUR = 3_600_000;
export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

export async function put(cache: FileSystemCache, key: string, text: string, ttlMs = HOUR): Promise<void> {
  await cache.write([{ key, data: bytes(text), ttlMs }]);
}

/** The text under a key. */
export async function look(cache: FileSystemCache, key: string): Promise<string | undefined> {
  const [record] = await cache.read([key]);
  return record && Buffer.from(record.data).toString();
}

/** Every file below a directory, by its path from there; links are not followed. */
export function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .sort();
}

/** The one file below a directory. */
export function onlyFile(directory: string): string {
  const files = filesBelow(directory);
  if (files.length !== 1) throw new Error(`expected one file, found ${files.join(', ') || 'none'}`);
  return join(directory, files[0] as string);
}
