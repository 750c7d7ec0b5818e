import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { filesBelow, freshPath, HOUR, look, put, world } from './scratch.js';
import { startChild } from './start-child.js';

const NOBODY = 65_534;
const isRoot = process.geteuid?.() === 0;
const mounts: string[] = [];
const protectedOnes: string[] = [];

afterEach(() => {
  // Or they could not be removed.
  for (const path of protectedOnes.splice(0)) chmodSync(path, 0o700);
  for (const path of mounts.splice(0)) run('umount', '-l', path);
});

interface Said {
  readonly open: string;
  readonly write: string;
  readonly add: string;
  readonly read: string;
  readonly expired: string;
  readonly delete: string;
}

describe('a full disk', () => {
  test('fails writes, keeps what is there readable, leaves no temporary file, and can be freed', async () => {
    const directory = freshPath();
    if (!mountTmpfs(directory, 'size=256k')) return limitedFileSize(directory);
    const { open } = world(directory);
    const cache = open();
    await put(cache, 'k', 'old');
    writeFileSync(join(directory, 'filler'), Buffer.alloc(statfsSync(directory).bavail * 4_096));
    const large = { key: 'k', data: new Uint8Array(100_000), ttlMs: HOUR };
    await expect(cache.write([large])).rejects.toMatchObject({
      code: 'ERR_BACKEND',
      cause: { code: 'ENOSPC' },
    });
    await expect(cache.add({ ...large, key: 'l' })).rejects.toMatchObject({
      operation: 'add',
      cause: { code: 'ENOSPC' },
    });
    expect(filesBelow(directory).filter((file) => file.endsWith('.tmp'))).toEqual([]);
    expect(await look(cache, 'k')).toBe('old');
    expect(await cache.deleteIfEqual('k', Buffer.from('old'))).toBe(true);
    expect(filesBelow(directory)).toEqual(['filler']);
  });

  test('fails a write that is cut short: the first half goes in, the rest does not', async () => {
    const directory = freshPath();
    if (!mountTmpfs(directory, 'size=256k')) return limitedFileSize(directory);
    const { open } = world(directory);
    const cache = open();
    await put(cache, 'k', 'old');
    const room = statfsSync(directory).bavail * 4_096;
    const large = { key: 'k', data: new Uint8Array(room + 10_000), ttlMs: HOUR };
    await expect(cache.write([large])).rejects.toMatchObject({ cause: { code: 'ENOSPC' } });
    expect(await look(cache, 'k')).toBe('old');
    expect(statfsSync(directory).bavail * 4_096).toBe(room);
  });

  test('on which files may not grow as large: the same', async () => {
    await limitedFileSize(freshPath());
  });
});

describe('a directory that can only be read', () => {
  test('is read, expired records included, and refuses every change', async () => {
    const directory = freshPath();
    const tmpfs = mountTmpfs(directory, 'size=1m');
    await fill(directory);
    if (tmpfs) expect(run('mount', '-o', 'remount,ro', directory)).toBe(true);
    else protect(directory);
    const said = await ask(directory);
    const code = tmpfs ? 'EROFS' : 'EACCES';
    expect(said).toEqual({
      open: 'resolved: undefined',
      write: `BackendError: ${code}`,
      add: `BackendError: ${code}`,
      read: 'resolved: "old"',
      expired: 'resolved: [null]',
      delete: `BackendError: ${code}`,
    });
  });

  test('by its mode is the same to its owner, who is not root', async () => {
    const directory = freshPath();
    await fill(directory);
    protect(directory);
    if (isRoot && spawnSync(process.execPath, ['-e', ''], { uid: NOBODY, gid: NOBODY }).status !== 0) {
      console.info('full-disk.test.ts: this Node cannot be run as nobody; root is refused instead');
      expect((await ask(directory)).open).toMatch(/^ConfigurationError/);
      return;
    }
    const { read, write } = await ask(directory, isRoot ? NOBODY : undefined);
    expect({ read, write }).toEqual({ read: 'resolved: "old"', write: 'BackendError: EACCES' });
  });
});

/** Files of at most 64 blocks of 1,024 bytes (or 512, as the shell has it), of which the large one takes more. */
async function limitedFileSize(directory: string): Promise<void> {
  await fill(directory);
  const child = startChild(
    'reporter',
    { options: { directory }, key: 'k', size: 200_000 },
    { prefix: ['/bin/sh', '-c', 'ulimit -f 64 && exec "$@"', 'sh'] },
  );
  const said = await child.hear<Said>();
  expect(said).toMatchObject({
    write: 'BackendError: EFBIG',
    add: 'BackendError: EFBIG',
    read: 'resolved: "old"',
  });
  expect(filesBelow(directory).filter((file) => file.endsWith('.tmp'))).toEqual([]);
}

async function fill(directory: string): Promise<void> {
  const cache = world(directory).open({}, { now: Date.now });
  await put(cache, 'k', 'old');
  await put(cache, 'expired', 'v', 1);
  await cache.close();
}

/** Takes the right to write from every directory, and gives all to nobody where root could do it still. */
function protect(directory: string): void {
  const directories = [
    directory,
    ...new Set(filesBelow(directory).map((file) => join(directory, file.slice(0, 2)))),
  ];
  for (const path of [...directories, ...filesBelow(directory).map((file) => join(directory, file))]) {
    if (isRoot) chownSync(path, NOBODY, NOBODY);
  }
  for (const path of directories) chmodSync(path, 0o500);
  protectedOnes.push(...directories);
}

async function ask(directory: string, uid?: number): Promise<Said> {
  const child = startChild(
    'reporter',
    { options: { directory }, key: 'k', size: 10 },
    uid === undefined ? {} : { uid },
  );
  return child.hear<Said>();
}

function run(command: string, ...args: string[]): boolean {
  return spawnSync(command, args).status === 0;
}

/** A small disk of its own; needs the right to mount. */
function mountTmpfs(directory: string, options: string): boolean {
  mkdirSync(directory, { mode: 0o700, recursive: true });
  const mounted = run('mount', '-t', 'tmpfs', '-o', `${options},mode=0700`, 'tmpfs', directory);
  if (mounted) mounts.push(directory);
  else
    console.info('full-disk.test.ts: no right to mount a small disk; a limit or file modes stand in for it');
  return mounted;
}
