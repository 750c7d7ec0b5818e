import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { answersFor } from './answers-for.js';
import { freePort } from './free-port.js';
import type { RunningRedis } from './redis-source.js';

const START_MS = 10_000;
const ATTEMPTS = 3;

/**
 * Runs a command beside a guard that waits on descriptor 3. The other end is held by this process alone, so the guard
 * wakes when it is closed and no less when this process dies of whatever cause, SIGKILL included: it removes the
 * directory and kills the server. When the server ends first, the guard goes before its number can be another's.
 */
const GUARDED = `
directory=$1; shift
"$@" 3<&- & server=$!
(read -r _ <&3; PATH=/bin:/usr/bin rm -rf "$directory"; kill -9 $server) 2>/dev/null & guard=$!
wait $server; code=$?
kill $guard 2>/dev/null
exit $code`;

/**
 * A server of our own on a free port of the loopback, which keeps nothing on disk and ends with this process.
 *
 * @param binary The path of a `redis-server` or `valkey-server`.
 */
export async function startRedis(binary: string, environment: NodeJS.ProcessEnv = {}): Promise<RunningRedis> {
  for (let attempt = 1; ; attempt += 1) {
    const started = await tryToStart(binary, environment);
    if ('url' in started) return started;
    const log = started.log.trim();
    if (attempt === ATTEMPTS || !/in use/i.test(log)) {
      throw new Error(
        `${binary} did not start: ${log.split('\n').slice(-3).join(' | ') || 'it said nothing'}`,
      );
    }
  }
}

async function tryToStart(
  binary: string,
  environment: NodeJS.ProcessEnv,
): Promise<RunningRedis | { log: string }> {
  const port = await freePort();
  // The server reports its directory with links resolved.
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'recollect-redis-')));
  const logFile = join(directory, 'log');
  const server = spawnGuarded(binary, port, directory, logFile, environment);
  const ended = new Promise<true>((resolve) => {
    server.once('close', () => resolve(true));
    server.once('error', () => resolve(true));
  });
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

function spawnGuarded(
  binary: string,
  port: number,
  directory: string,
  logFile: string,
  environment: NodeJS.ProcessEnv,
): ChildProcess {
  const log = openSync(logFile, 'a');
  const settings = { port, bind: '127.0.0.1', save: '', appendonly: 'no', daemonize: 'no', dir: directory };
  const options = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const server = spawn('/bin/sh', ['-c', GUARDED, 'sh', directory, binary, ...options], {
    // A group of its own: an interrupt from the terminal is for the tests, which end the server in their own time.
    detached: true,
    env: { ...process.env, ...environment },
    stdio: ['ignore', log, log, 'pipe'],
  });
  closeSync(log);
  // Neither the process nor the lifeline keeps a program alive that has forgotten to stop.
  server.unref();
  const lifeline = server.stdio[3];
  if (lifeline instanceof Socket) lifeline.unref();
  lifeline?.on('error', () => {});
  return server;
}
