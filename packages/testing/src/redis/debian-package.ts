import { mkdir, mkdtemp, readdir, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from './run-command.js';

/** The package holds the server: it is one binary with `redis-check-rdb`, which does what the name it is called by says. */
const PACKAGE = 'redis-tools';
const BINARY = 'usr/bin/redis-check-rdb';

/** Where the server stands in an unpacked package. */
export const SERVER = 'usr/bin/redis-server';

/**
 * Unpacks Debian's Redis, and the libraries the system lacks for it, into a directory. Needs no rights and changes
 * nothing on the system: package lists, downloads and result are our own, and no service is started.
 *
 * It appears whole or not at all: everything happens in a neighbouring directory, which is renamed at the end; of
 * several processes one wins, and the others take what it left.
 */
export async function unpackDebianRedis(target: string): Promise<void> {
  await mkdir(join(target, '..'), { recursive: true });
  const work = await mkdtemp(`${target}-`);
  try {
    await download(work);
    const root = join(work, 'root');
    await mkdir(root);
    for (const file of await readdir(work)) {
      if (file.endsWith('.deb'))
        await runCommand('dpkg-deb', ['-x', file, root], { cwd: work, timeoutMs: 30_000 });
    }
    await symlink(BINARY.slice(BINARY.lastIndexOf('/') + 1), join(root, SERVER));
    await rename(root, target).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function download(work: string): Promise<void> {
  const lists = join(work, 'lists');
  const cache = join(work, 'cache');
  await mkdir(join(lists, 'partial'), { recursive: true });
  await mkdir(join(cache, 'archives/partial'), { recursive: true });
  const own = {
    'Dir::State::Lists': lists,
    'Dir::Cache': cache,
    // The lock and the change of user are the two things that need root.
    'Debug::NoLocking': '1',
    'APT::Sandbox::User': '',
    'Acquire::Retries': '1',
    'Acquire::http::Timeout': '15',
    'Acquire::https::Timeout': '15',
  };
  const options = Object.entries(own).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  const apt = (timeoutMs: number, ...rest: string[]) =>
    runCommand('apt-get', [...options, ...rest], { cwd: work, timeoutMs });
  // One source among several that cannot be reached need not matter; if it does, the next step says so.
  const update = await apt(90_000, '-qq', 'update').then(
    () => '',
    (error: Error) => ` (before that, ${error.message})`,
  );
  try {
    // Without --reinstall the plan would be empty where the package is installed without its server.
    const plan = await apt(
      30_000,
      'install',
      '--simulate',
      '--no-install-recommends',
      '--reinstall',
      PACKAGE,
    );
    const packages = [...plan.matchAll(/^Inst (\S+)/gm)].map((match) => match[1] ?? '');
    await apt(90_000, 'download', ...packages);
  } catch (error) {
    throw new Error(`${(error as Error).message}${update}`);
  }
}
