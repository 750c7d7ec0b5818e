import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { SERVER, unpackDebianRedis } from './debian-package.js';
import type { RedisBinary, RunningRedis } from './redis-source.js';
import { startRedis } from './start-redis.js';

/** Debian's own build, unpacked once for this user and kept in the cache directory, at work. */
export async function redisFromDebian(): Promise<RunningRedis> {
  const binary = await binaryFromDebian();
  try {
    return await startRedis(binary);
  } catch (error) {
    const home = binary.path.slice(0, -SERVER.length - 1);
    throw new Error(`${(error as Error).message} (remove ${home} to have it unpacked anew)`);
  }
}

/** The server in the private copy of Debian's package, which is unpacked first where it is missing. */
export async function binaryFromDebian(): Promise<RedisBinary> {
  const home = await privateCopy();
  if (!existsSync(join(home, SERVER))) await unpackDebianRedis(home);
  const libraries = join(home, 'usr/lib');
  const paths = (await readdir(libraries)).map((name) => join(libraries, name));
  const search = [...paths, process.env.LD_LIBRARY_PATH].filter(Boolean).join(':');
  return { path: join(home, SERVER), environment: { LD_LIBRARY_PATH: search } };
}

/** One per release and architecture: a home directory may be shared between machines. */
async function privateCopy(): Promise<string> {
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '');
  const field = (name: string) => new RegExp(`^${name}="?([\\w.]+)"?$`, 'm').exec(release)?.[1] ?? '';
  const [id, version] = [field('ID'), field('VERSION_ID')];
  if (!existsSync('/usr/bin/apt-get') || !existsSync('/usr/bin/dpkg-deb')) {
    throw new Error(`this system (${id || process.platform}) has no apt-get and dpkg-deb`);
  }
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  return join(cache, 'recollect', `redis-${id}-${version}-${process.arch}`);
}
