import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { RunningRedis } from './redis-source.js';
import { startRedis } from './start-redis.js';

const NAMES = ['redis-server', 'valkey-server'];

/** A `redis-server` or `valkey-server` that is installed here. */
export async function redisOnPath(): Promise<RunningRedis> {
  const directories = (process.env.PATH ?? '').split(delimiter).filter((directory) => directory !== '');
  for (const name of NAMES) {
    for (const directory of directories) {
      const binary = join(directory, name);
      if (await isExecutable(binary)) return startRedis(binary);
    }
  }
  throw new Error(`neither ${NAMES.join(' nor ')} is on the PATH`);
}

const isExecutable = (file: string) =>
  access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
