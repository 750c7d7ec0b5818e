import type { CacheConfig } from 'recollect';
import type { Shop } from './shop-run.js';
import type { Traffic } from './traffic.js';

/** What a shop process does for the demo. Nothing else may be asked before `open`. */
export interface ShopFunctions extends Shop {
  open(order: ShopOrder): void;
}

/** What the demo does for a shop process: it owns the database. */
export interface DemoFunctions {
  rows(sql: string, parameters: readonly unknown[]): Promise<unknown[]>;
  progress(done: number): void;
}

/** What a shop process is told. */
export interface ShopOrder {
  readonly config: CacheConfig;
  readonly traffic: Traffic;
}

/** Longer than any row takes, in milliseconds: a process that hangs must not hang the demo. */
export const CHANNEL_TIMEOUT = 120_000;
