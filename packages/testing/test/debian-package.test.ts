import { chmod, mkdir, mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { SERVER, unpackDebianRedis } from '../src/redis/debian-package.js';

/** They write down how they are called, and do as little as would do. */
const APT_GET = `#!/bin/sh
echo "$@" >> "$FAKE_LOG"
case "$*" in
  *update*) [ "$FAKE_MODE" = stale ] && { echo "E: Failed to fetch some source" >&2; exit 100; } ;;
  *--simulate*)
    [ "$FAKE_MODE" = unknown ] && { echo "E: Unable to locate package redis-tools" >&2; exit 100; }
    printf 'Inst liblzf1 (3.6-3 Debian:12 [amd64])\\nInst redis-tools (5:7.0.15 Debian:12 [amd64])\\nConf liblzf1 (3.6-3)\\n' ;;
  *download*) touch liblzf1_3.6.deb redis-tools_7.0.deb ;;
esac
exit 0
`;
const DPKG_DEB = `#!/bin/sh
mkdir -p "$3/usr/bin" && echo "$2" >> "$3/usr/bin/redis-check-rdb"
`;

const path = process.env.PATH;
let home: string;
let target: string;
const log = () => readFile(join(home, 'log'), 'utf8');

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'recollect-fake-apt-'));
  target = join(home, 'cache/recollect/redis');
  await mkdir(join(home, 'bin'));
  for (const [name, script] of [
    ['apt-get', APT_GET],
    ['dpkg-deb', DPKG_DEB],
  ] as const) {
    await writeFile(join(home, 'bin', name), script);
    await chmod(join(home, 'bin', name), 0o755);
  }
  Object.assign(process.env, {
    PATH: `${join(home, 'bin')}:${path}`,
    FAKE_LOG: join(home, 'log'),
    FAKE_MODE: 'right',
  });
});

afterEach(async () => {
  process.env.PATH = path;
  await rm(home, { recursive: true, force: true });
});

describe('the private copy of the Debian package', () => {
  test('holds all packages that the plan names, and the server under its name', async () => {
    await unpackDebianRedis(target);
    expect(await readFile(join(target, SERVER), 'utf8')).toBe('liblzf1_3.6.deb\nredis-tools_7.0.deb\n');
    expect(await readlink(join(target, SERVER))).toBe('redis-check-rdb');
    expect(await log()).toMatch(/ download liblzf1 redis-tools\n$/);
  });

  test('is fetched by way of directories of its own, and leaves none of them behind', async () => {
    await unpackDebianRedis(target);
    for (const line of (await log()).trim().split('\n')) {
      expect(line).toContain(`-o Dir::State::Lists=${target}-`);
      expect(line).toContain(`-o Dir::Cache=${target}-`);
      expect(line).toContain('-o Debug::NoLocking=1 -o APT::Sandbox::User= ');
    }
    expect(await readdir(join(target, '..'))).toEqual(['redis']);
  });

  test('is whole when several processes make it at once', async () => {
    await Promise.all([unpackDebianRedis(target), unpackDebianRedis(target), unpackDebianRedis(target)]);
    expect(await readFile(join(target, SERVER), 'utf8')).toBe('liblzf1_3.6.deb\nredis-tools_7.0.deb\n');
    expect(await readdir(join(target, '..'))).toEqual(['redis']);
  });

  test('can be had although one of the package sources could not be reached', async () => {
    process.env.FAKE_MODE = 'stale';
    await unpackDebianRedis(target);
    expect(await readdir(target)).toEqual(['usr']);
  });

  test('that cannot be had leaves nothing behind, and the reason is told', async () => {
    process.env.FAKE_MODE = 'unknown';
    await expect(unpackDebianRedis(target)).rejects.toThrow(
      'apt-get: E: Unable to locate package redis-tools',
    );
    expect(await readdir(join(target, '..'))).toEqual([]);
  });
});
