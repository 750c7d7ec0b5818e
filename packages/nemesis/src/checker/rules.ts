import type { SiteSpec } from '../history/site-spec.js';

/** What a history is held against. Times in microseconds. */
export interface Rules {
  readonly sites: readonly SiteSpec[];
  /** How long a call may take, not counting time for which its process was stopped. */
  readonly settleWithin: number;
  /** How long after the last fault that held it back an unacknowledged command may still come into force. */
  readonly late: number;
  /** How long an operation on the servers may take until it is tried again. */
  readonly deadline: number;
  /** How far the servers' copies may lag behind: what was acknowledged so long before an amnesia may be forgotten in it. */
  readonly lag: number;
  /** How long a flight stays open for joiners when its load has ended: its result is on the way to the shared tier. */
  readonly landing: number;
  /** Whether a load that failed gives its epoch back, so that the method may start again. */
  readonly errorEndsEpoch: boolean;
}
