import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { Socket } from 'node:net';
import type { RedisBinary } from './redis-source.js';

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
 * Starts a server that ends with this process. Its lifeline is descriptor 3: to destroy that is to kill the server.
 *
 * @param logFile Takes what the server says, behind what is there.
 * @param directory Is removed when the lifeline ends before the server does; none by default.
 */
export function spawnGuarded(
  binary: RedisBinary,
  options: readonly string[],
  logFile: string,
  directory = '',
): ChildProcess {
  const log = openSync(logFile, 'a');
  const server = spawn('/bin/sh', ['-c', GUARDED, 'sh', directory, binary.path, ...options], {
    // A group of its own: an interrupt from the terminal is for the tests, which end the server in their own time.
    detached: true,
    env: { ...process.env, ...binary.environment },
    stdio: ['ignore', log, log, 'pipe'],
  });
  closeSync(log);
  detach(server);
  return server;
}

/** Neither the process nor its lifeline is to keep a program alive that has forgotten to stop it. */
export function detach(child: ChildProcess): void {
  child.unref();
  const lifeline = child.stdio[3];
  if (lifeline instanceof Socket) lifeline.unref();
  lifeline?.on('error', () => {});
}

/** Resolves when it has ended, or could not be started. */
export function endOf(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });
}
