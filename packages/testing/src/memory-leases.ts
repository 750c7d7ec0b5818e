import type { ClaimRequest, Lease } from 'recollect';
import type { MemoryRecord } from './memory-records.js';

/** A lease, and until when it counts. */
interface MemoryClaim {
  readonly lease: Lease;
  /** Until then its holder counts as alive. */
  aliveUntil: number;
  /** Then it is as if it had never been; with `at_least_once` that is when the holder counts as dead. */
  forgottenAt: number;
}

/** Keyed by the store they are about, so that all who work on one store meet: these are its locks. */
const leasesByStore = new WeakMap<Map<string, MemoryRecord>, MemoryLeases>();

/** The claims, fence numbers and listeners beside a map of records. Times are those of the caller's clock. */
export class MemoryLeases {
  readonly #claims = new Map<string, MemoryClaim>();
  /** The last one drawn, by key. Never forgotten: it must grow over everything that happens to the key. */
  readonly #fences = new Map<string, number>();
  readonly #listeners = new Map<string, Set<() => void>>();

  static over(records: Map<string, MemoryRecord>): MemoryLeases {
    const known = leasesByStore.get(records) ?? new MemoryLeases();
    leasesByStore.set(records, known);
    return known;
  }

  claimOn(key: string, now: number): MemoryClaim | undefined {
    const claim = this.#claims.get(key);
    if (claim === undefined || claim.forgottenAt > now) return claim;
    this.#claims.delete(key);
    return undefined;
  }

  /** The claim behind the lease, if it is still that very one. */
  intact({ key, token }: Lease, now: number): MemoryClaim | undefined {
    const claim = this.claimOn(key, now);
    return claim?.lease.token === token ? claim : undefined;
  }

  grant({ key, mode, token, epoch, leaseMs, retentionMs, numbered }: ClaimRequest, now: number): Lease {
    const fence = numbered ? (this.#fences.get(key) ?? 0) + 1 : undefined;
    if (fence !== undefined) this.#fences.set(key, fence);
    const lease: Lease = { key, mode, token, epoch, fence };
    const forgottenAt = now + (mode === 'at_most_once' ? Math.max(retentionMs, leaseMs) : leaseMs);
    this.#claims.set(key, { lease, aliveUntil: now + leaseMs, forgottenAt });
    return lease;
  }

  prolong(claim: MemoryClaim, until: number): void {
    claim.aliveUntil = until;
    const isRemembered = claim.lease.mode === 'at_most_once';
    claim.forgottenAt = isRemembered ? Math.max(claim.forgottenAt, until) : until;
  }

  /** Ends the claim on the key, whosever it is, and tells those who listen. */
  end(key: string): void {
    this.#claims.delete(key);
    for (const listener of this.#listeners.get(key) ?? []) {
      // Behind the operation's own work, and only who still listens then: as news from a server would come.
      queueMicrotask(() => {
        if (this.#listeners.get(key)?.has(listener)) listener();
      });
    }
  }

  endAll(prefix: string): void {
    for (const key of [...this.#claims.keys()]) if (key.startsWith(prefix)) this.end(key);
  }

  listen(key: string, listener: () => void): () => void {
    // Of its own, so that the same function may listen twice and be ended once.
    const own = () => listener();
    const listeners = this.#listeners.get(key) ?? new Set();
    this.#listeners.set(key, listeners.add(own));
    return () => {
      listeners.delete(own);
      if (listeners.size === 0 && this.#listeners.get(key) === listeners) this.#listeners.delete(key);
    };
  }
}
