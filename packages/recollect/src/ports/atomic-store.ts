import type { SharedRecord, SharedWrite } from './shared-record.js';

/**
 * How often a method may run in one epoch of a key, from one invalidation or expiry to the next: at least once, or never
 * twice.
 */
export type AtomicMode = 'at_least_once' | 'at_most_once';

/** Asks for the right to load a key. */
export interface ClaimRequest {
  readonly key: string;
  readonly mode: AtomicMode;
  /** 32 hex digits, random. To ask again with the same token after a lost reply is safe: the claim is made once. */
  readonly token: string;
  /** What the key's epoch depends on beside its own invalidations, as text without spaces. Kept with the claim. */
  readonly epoch: string;
  /** How long the claim lives without being renewed, in whole milliseconds. */
  readonly leaseMs: number;
  /** `at_most_once`: how long it is remembered that the method has started, in whole milliseconds. */
  readonly retentionMs: number;
  /** A record that counts as none: the caller has seen it, and it is no answer. */
  readonly ignore: Uint8Array | undefined;
  /** Token of a claim that counts as none, since it belongs to an epoch that is over. */
  readonly supersede: string | undefined;
  /** Whether to draw a fence number. */
  readonly numbered: boolean;
}

/** The right to load a key and to store what was loaded. Broken by every invalidation. */
export interface Lease {
  readonly key: string;
  readonly mode: AtomicMode;
  readonly token: string;
  readonly epoch: string;
  /** Greater than that of every earlier lease on the key; `undefined` where none was asked for. */
  readonly fence: number | undefined;
}

/**
 * What came of a claim.
 *
 * - `granted`: the caller loads;
 * - `stored`: a record is there that is not to be ignored;
 * - `busy`: somebody else loads;
 * - `abandoned`: at most once, and whoever has started is not alive any more.
 */
export type ClaimOutcome =
  | { readonly kind: 'granted'; readonly lease: Lease }
  | { readonly kind: 'stored'; readonly record: SharedRecord }
  | { readonly kind: 'busy' | 'abandoned'; readonly token: string; readonly epoch: string };

/** `lost`: the lease was broken or had run out, and nothing was stored. */
export type CommitOutcome = 'stored' | 'lost';

/**
 * Leases of a shared tier: who may load a key, and store under it. Each operation is atomic on its key and bounded in time,
 * and rejects with a `BackendError` when the store cannot be reached or refuses. One whose reply was lost is settled by
 * reading the token, within the same bound: what it resolves to has happened; what it rejects with is not known.
 */
export interface AtomicStore {
  /**
   * As that of the backend, and so is `add`; but they reject when they fail, also where the backend promises never to: claims
   * are made, and taken over, on the strength of what they say.
   */
  read(keys: readonly string[], lives?: number): Promise<readonly (SharedRecord | undefined)[]>;
  add(record: SharedWrite): Promise<Uint8Array>;
  /**
   * Rejects with a ConfigurationError when the store may forget a claim of this mode (an eviction policy that takes any
   * key, for `at_most_once`).
   */
  claim(request: ClaimRequest): Promise<ClaimOutcome>;
  /** Prolongs the lease by `leaseMs` from now; false when it is not the caller's any more. */
  renew(lease: Lease, leaseMs: number): Promise<boolean>;
  /** Stores the record under the lease's key and ends the lease, in one step, if the lease is intact. */
  commit(lease: Lease, record: SharedWrite): Promise<CommitOutcome>;
  /** Ends the lease without a record, if it is intact. */
  release(lease: Lease): Promise<void>;
  /** Stores the record whatever is there, and breaks the lease, if any, in one step. */
  settle(record: SharedWrite): Promise<void>;
  /** Deletes records and breaks leases, in one step per key; how many records there were. */
  invalidate(keys: readonly string[]): Promise<number>;
  /**
   * Calls `listener` when something may have become of the key (a commit, a release, an invalidation), as far as the store can tell;
   * it may tell late, twice, or never. The returned function ends it.
   */
  listen(key: string, listener: () => void): () => void;
  /** Ends connections and timers. Idempotent; never rejects. */
  close(): Promise<void>;
}
