import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { redis } from '@recollect/redis';
import { type Cache, type CachedFunction, createCache, currentFence } from 'recollect';
import { loadPlans } from '../generator/steps.js';
import { subjectOf } from '../history/history.js';
import { now } from '../history/now.js';
import type { SiteSpec } from '../history/site-spec.js';
import { LoaderError, type StoredValue, storedValue } from './stored-value.js';
import type { Task } from './task.js';
import { tell } from './tell.js';

export type Site = CachedFunction<[key: string], Promise<StoredValue>>;

/** Longer than any round: nothing expires by itself. */
const LIFE = { hours: 1 } as const;

/** The operation in which something happens. */
export const operation = new AsyncLocalStorage<string>();

export function openCache({ namespace, servers, timing }: Task): Cache {
  return createCache({
    namespace,
    use: [redis()],
    local: { kind: 'SimpleCache', threshold: 1_000 },
    shared: {
      kind: 'RedisCacheNoExceptions',
      defaultTtl: LIFE,
      deadlineMs: timing.deadlineMs,
      connectTimeoutMs: 500,
      // It is to be back soon after each fault: what happens while it is open is the same again and again.
      breaker: { failures: 5, openMs: 200, longestOpenMs: 400 },
      ...servers,
    },
    leases: { duration: timing.leaseMs, wait: timing.waitMs, retention: timing.retentionMs },
    observer: {
      failure: ({ operation }) => {
        if (operation === 'background') tell({ of: 'loss', at: now() });
      },
      // To see them all on the console would tell nobody anything.
      warning: () => {},
    },
  });
}

/**
 * The cached functions by name. Each run reports itself before it begins and when it ends.
 *
 * @param isCalm Asked at each run: whether it goes well and fast, for nothing is to be tried any more.
 */
export function openSites(
  cache: Cache,
  { seed, process, sites }: Task,
  isCalm: () => boolean,
): ReadonlyMap<string, Site> {
  const plans = loadPlans(seed, process);
  let count = 0;
  const load = async ({ name }: SiteSpec, key: string): Promise<StoredValue> => {
    const drawn = plans.next().value;
    const { ms, fails, length } = isCalm() ? { ms: 1, fails: false, length: 1 } : drawn;
    count += 1;
    const id = `${process}/${count}`;
    const [call, fence] = [operation.getStore(), currentFence()];
    tell({ of: 'load', id, site: name, key, at: now(), ...(call && { call }), ...(fence && { fence }) });
    await sleep(ms);
    tell({ of: 'loaded', id, at: now(), outcome: fails ? 'error' : 'value' });
    if (fails) throw new LoaderError(id);
    return storedValue(id, subjectOf({ site: name, key }), length);
  };
  return new Map(
    sites.map((site) => {
      const shared = site.tiers === 'shared' ? { sharedOnly: true } : {};
      const atomic = site.mode === 'plain' ? {} : { atomicWrites: site.mode };
      const options = { name: site.name, ttl: LIFE, ...shared, ...atomic };
      return [site.name, cache.cachedFunction((key: string) => load(site, key), options)];
    }),
  );
}
