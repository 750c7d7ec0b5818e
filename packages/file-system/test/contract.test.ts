import { describe, test } from '@jest/globals';
import { FileSystemCache } from '@recollect/file-system';
import { FakeClock, sharedBackendContract } from '@recollect/testing';
import type { BackendContext } from 'recollect';
import { freshPath } from './scratch.js';

/** Timers of the real world, and lives that end when the test says so: sweeps fall in between at any moment. */
class RestlessClock extends FakeClock {
  override after(ms: number, task: () => void): () => void {
    const timer = setTimeout(task, ms).unref();
    return () => clearTimeout(timer);
  }
}

function contract(name: string, clock: FakeClock, sweepIntervalMs: number): void {
  const start = Date.now();
  const context: BackendContext = { clock, report: ({ error }) => console.error(error) };
  const directories = new WeakMap<object, string>();
  const open = (directory: string) => {
    const options = { directory, sweepIntervalMs };
    const cache = new FileSystemCache(options, context, { now: () => start + clock.now() });
    directories.set(cache, directory);
    return cache;
  };
  sharedBackendContract({
    name,
    create: () => open(freshPath()),
    peer: (backend) => open(directories.get(backend) as string),
    advance: (ms) => clock.advance(ms),
    runner: { describe, test },
  });
}

contract('FileSystemCache', new FakeClock(), 0);
contract('FileSystemCache that sweeps all the time', new RestlessClock(), 50);
