import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { answersFor } from './answers-for.js';
import { freePort } from './free-port.js';
import type { RedisBinary, RunningRedis } from './redis-source.js';
import { endOf, spawnGuarded } from './spawn-guarded.js';

const START_MS = 10_000;
const ATTEMPTS = 3;

/**
 * A server of our own on a free port of the loopback, which keeps nothing on disk and ends with this process.
 *
 * @throws Error with its last words when it does not come up.
 */
export async function startRedis(binary: RedisBinary): Promise<RunningRedis> {
  for (let attempt = 1; ; attempt += 1) {
    const started = await tryToStart(binary);
    if ('url' in started) return started;
    const log = started.log.trim();
    if (attempt === ATTEMPTS || !/in use/i.test(log)) {
      throw new Error(
        `${binary.path} did not start: ${log.split('\n').slice(-3).join(' | ') || 'it said nothing'}`,
      );
    }
  }
}

async function tryToStart(binary: RedisBinary): Promise<RunningRedis | { log: string }> {
  const port = await freePort();
  // The server reports its directory with links resolved.
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'recollect-redis-')));
  const logFile = join(directory, 'log');
  const settings = { port, bind: '127.0.0.1', save: '', appendonly: 'no', daemonize: 'no', dir: directory };
  const options = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const server = spawnGuarded(binary, options, logFile, directory);
  const ended = endOf(server).then(() => true);
  const stop = async () => {
    server.ref();
    server.stdio[3]?.destroy();
    await ended;
    // The guard is gone and has left it when the server ended by itself.
    await rm(directory, { recursive: true, force: true });
  };
  const giveUp = Date.now() + START_MS;
  while (!(await answersFor(port, directory))) {
    if ((await Promise.race([ended, sleep(3)])) !== true && Date.now() < giveUp) continue;
    const log = await readFile(logFile, 'utf8').catch(String);
    await stop();
    return { log };
  }
  return { url: `redis://127.0.0.1:${port}`, stop };
}
