import type { ClaimOutcome, ClaimRequest, CommitOutcome, Lease, SharedWrite } from 'recollect';
import type { Wire } from '../wire.js';

/** How far an operation has come, for both ends of it: who asked may have been told meanwhile that it is over. */
export interface Call {
  /** Something may have reached the server. */
  isSent: boolean;
  /** Nobody waits any more, so nothing more is to be sent. */
  isOver: boolean;
}

/**
 * The operations of an atomic store, each as one step for the server. They differ in what they need: scripts, or a
 * connection that nobody else uses meanwhile.
 */
export interface Mechanism {
  /** Whether its operations need a connection of their own. */
  readonly isolated: boolean;
  claim(wire: Wire, request: ClaimRequest, call: Call): Promise<ClaimOutcome>;
  renew(wire: Wire, lease: Lease, leaseMs: number, call: Call): Promise<boolean>;
  commit(wire: Wire, lease: Lease, record: SharedWrite, call: Call): Promise<CommitOutcome>;
  release(wire: Wire, lease: Lease, call: Call): Promise<void>;
  settle(wire: Wire, record: SharedWrite, call: Call): Promise<void>;
  /** The keys are of one slot. */
  invalidate(wire: Wire, keys: readonly string[], call: Call): Promise<number>;
}
