import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { redis } from '@recollect/redis';
import { AtMostOnceError, type AtomicMode, createCache } from 'recollect';
import { answerBy } from '../child.js';

export const LEASE_MS = 500;
export const CLAIM_LOAD_MS = 150;

/** What became of a call; both moments by the clock of the machine. */
export interface ClaimResult {
  readonly outcome: 'value' | AtMostOnceError['kind'] | 'another error' | 'wrong value';
  readonly at: number;
}

/** A run that began. */
export interface Start {
  readonly id: number;
  readonly pid: number;
  readonly at: number;
}

/** Calls a method that takes turns with other processes, and writes down each run before it does anything. */
export async function claimant(url: string, mode: AtomicMode, log: string): Promise<void> {
  const cache = createCache({
    namespace: `kills-${mode}`,
    shared: { kind: 'RedisCache', url },
    leases: { duration: { milliseconds: LEASE_MS } },
    use: [redis()],
  });
  const run = cache.cachedFunction(
    async (id: number): Promise<string> => {
      // At once, so that it outlives this process.
      appendFileSync(log, `${JSON.stringify({ id, pid: process.pid, at: Date.now() } satisfies Start)}\n`);
      await sleep(CLAIM_LOAD_MS);
      return `value ${id}`;
    },
    { name: 'run', hours: 1, atomicWrites: mode, sharedOnly: true },
  );
  answerBy(async (id: number): Promise<ClaimResult> => {
    try {
      const value = await run(id);
      return { outcome: value === `value ${id}` ? 'value' : 'wrong value', at: Date.now() };
    } catch (error) {
      const outcome = error instanceof AtMostOnceError ? error.kind : 'another error';
      return { outcome, at: Date.now() };
    }
  });
}
