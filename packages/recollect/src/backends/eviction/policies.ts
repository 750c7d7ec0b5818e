import { Adaptive } from './adaptive.js';
import type { EvictionPolicy } from './eviction-policy.js';
import { Fifo } from './fifo.js';
import { Lru } from './lru.js';

/** What makes room when a local backend is full: what was used least recently, what came first, or what pays least. */
export type Eviction = 'lru' | 'fifo' | 'adaptive';

/** The policies by their names in a configuration. */
export const POLICIES: Readonly<Record<Eviction, new () => EvictionPolicy>> = {
  lru: Lru,
  fifo: Fifo,
  adaptive: Adaptive,
};
