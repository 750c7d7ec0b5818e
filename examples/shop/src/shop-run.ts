import { fileSystem } from '@recollect/file-system';
import { redis } from '@recollect/redis';
import { type CacheConfig, configureCache, type Observer } from 'recollect';
import type { Database } from './database.js';
import { answers, type OnProgress, play, sell } from './player.js';
import { ShopService } from './shop-service.js';
import type { Traffic } from './traffic.js';

/** What playing the calls came to in one process. */
export interface Played {
  /** Milliseconds of each call. */
  readonly durations: Float64Array;
  /** Calls the cache says it answered. */
  readonly hits: number;
  /** Runs of a method, by the cache's own count. */
  readonly loads: number;
  /** What the cache could not do, each kind of failure once: it answers all the same. */
  readonly failures: readonly string[];
}

/** A shop that traffic can be played to, in this process or in another one. */
export interface Shop {
  play(): Promise<Played>;
  sell(): Promise<void>;
  answers(): Promise<unknown[]>;
  /** Waits for what the cache still has to write. */
  close(): Promise<void>;
}

/**
 * Puts the configuration in place, for this whole process, and opens a shop under it. Nothing but the configuration
 * differs between the rows of the demo.
 */
export function openShop(
  config: CacheConfig,
  database: Database,
  traffic: Traffic,
  onProgress: OnProgress,
): Shop {
  const failures = new Set<string>();
  const observer: Observer = {
    failure: ({ operation, error }) =>
      failures.add(`${operation}: ${error instanceof Error ? error.message : error}`),
  };
  const cache = configureCache({ ...config, observer, use: [fileSystem(), redis()] });
  const shop = new ShopService(database);
  return {
    play: async () => {
      const durations = await play(shop, traffic.calls, onProgress);
      const { localHits, sharedHits, joins, loads } = cache.stats().total;
      return { durations, hits: localHits + sharedHits + joins, loads, failures: [...failures] };
    },
    sell: () => sell(shop, traffic),
    answers: () => answers(shop, traffic),
    // Long enough for a slow disk: what is not written by then is missing after the restart.
    close: () => cache.close({ deadlineMs: 30_000 }),
  };
}
