import { setTimeout as sleep } from 'node:timers/promises';
import { redis } from '@recollect/redis';
import { createCache } from 'recollect';
import { answerBy } from '../child.js';
import { type Customer, customerOf } from '../customer.js';

/** Everybody at once, at a moment by the clock of the machine, for a key that is nowhere. */
export interface Rush {
  readonly id: number;
  readonly callers: number;
  readonly startAt: number;
}

export interface RushResult {
  readonly loads: number;
  readonly failed: number;
  readonly tookMs: readonly number[];
}

export const RUSH_LOAD_MS = 100;

/** One of the processes of a stampede. */
export async function crowd(url: string): Promise<void> {
  let loads = 0;
  const cache = createCache({ namespace: 'crowd', shared: { kind: 'RedisCache', url }, use: [redis()] });
  class Customers {
    @cache.cached({ hours: 1, lease: true, name: 'Customers.find' })
    async find(id: number): Promise<Customer> {
      loads += 1;
      await sleep(RUSH_LOAD_MS);
      return customerOf(id);
    }
  }
  const customers = new Customers();
  answerBy(async ({ id, callers, startAt }: Rush): Promise<RushResult> => {
    const before = loads;
    let failed = 0;
    const tookMs: number[] = [];
    const call = async (): Promise<void> => {
      const since = performance.now();
      const found = await customers.find(id).catch(() => undefined);
      tookMs.push(performance.now() - since);
      if (found?.id !== customerOf(id).id) failed += 1;
    };
    await sleep(Math.max(0, startAt - Date.now()));
    await Promise.all(Array.from({ length: callers }, call));
    return { loads: loads - before, failed, tookMs };
  });
}
