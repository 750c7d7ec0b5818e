import { once } from 'node:events';
import { redis } from '@recollect/redis';
import { createCache } from 'recollect';
import { type Customer, customerOf } from '../customer.js';

/** What it tells of its life, with the moment by the clock of the machine. */
export interface LeaverNews {
  readonly stage: 'begins' | 'has called' | 'closes';
  readonly at: number;
}

/**
 * Uses a cache and closes it, and has nothing else to stay for. With `again` it waits for a word after its first calls, and
 * has more of them under way when it closes.
 */
export async function leaver(url: string, again?: 'again'): Promise<void> {
  const tell = (stage: LeaverNews['stage']): void =>
    void process.send?.({ stage, at: Date.now() } satisfies LeaverNews);
  tell('begins');
  const cache = createCache({ namespace: 'leaver', shared: { kind: 'RedisCache', url }, use: [redis()] });
  const load = async (id: number): Promise<Customer> => customerOf(id);
  const find = cache.cachedFunction(load, { name: 'find', hours: 1 });
  const leased = cache.cachedFunction(load, { name: 'leased', hours: 1, lease: true });
  const use = (id: number): Promise<Customer>[] => [find(id), find(id + 1), leased(id), leased(id + 1)];
  const found = await Promise.all(use(1));
  if (found.some((each, at) => each.id !== customerOf(1 + (at % 2)).id)) throw new Error('wrong values');
  await Promise.allSettled([find.invalidate(1), leased.invalidate(1)]);
  tell('has called');
  if (again !== undefined) {
    await once(process, 'message');
    for (const call of [...use(1), ...use(3)]) call.catch(() => undefined);
  }
  tell('closes');
  await cache.close();
  process.disconnect?.();
}
