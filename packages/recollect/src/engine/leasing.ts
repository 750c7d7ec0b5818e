import type { AtomicMode, AtomicStore } from '../ports/atomic-store.js';
import type { Waiters } from '../resilience/waiters.js';
import type { HeldLeases } from './held-leases.js';
import type { LeaseLimits } from './lease-limits.js';

/** What a site needs to load under leases. */
export interface Leasing {
  readonly store: AtomicStore;
  readonly mode: AtomicMode;
  readonly limits: LeaseLimits;
  /** Whether each run gets a fence number. */
  readonly numbered: boolean;
  /** `at_most_once`: a run that failed counts as one that was started, until somebody says otherwise. */
  readonly holdAfterError: boolean;
  readonly waiters: Waiters;
  readonly held: HeldLeases;
}
