import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { RedisBinary, RunningRedis } from './redis-source.js';
import { startRedis } from './start-redis.js';

const NAMES = ['redis-server', 'valkey-server'];

/** A `redis-server` or `valkey-server` that is installed here, at work. */
export async function redisOnPath(): Promise<RunningRedis> {
  return startRedis(await binaryOnPath());
}

/** The first `redis-server` on the PATH, or else the first `valkey-server`. */
export async function binaryOnPath(): Promise<RedisBinary> {
  const directories = (process.env.PATH ?? '').split(delimiter).filter((directory) => directory !== '');
  for (const name of NAMES) {
    for (const directory of directories) {
      const path = join(directory, name);
      if (await isExecutable(path)) return { path, environment: {} };
    }
  }
  throw new Error(`neither ${NAMES.join(' nor ')} is on the PATH`);
}

const isExecutable = (file: string) =>
  access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
