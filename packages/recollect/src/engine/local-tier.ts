import type { Monitor } from '../observe/monitor.js';
import type { Clock } from '../ports/clock.js';
import type { LocalBackend } from '../ports/local-backend.js';
import type { Snapshot } from '../serializers/snapshot.js';
import { Entry, type Shelf } from './entry.js';

/** A value on its way into the tier. */
export interface Deposit {
  readonly key: string;
  readonly snapshot: Snapshot;
  readonly ttlMs: number;
  /** Whether callers receive a promise. */
  readonly asynchronous: boolean;
  /** The site's epoch; raising it makes all earlier entries of the site invalid at once. */
  readonly epoch: number;
  readonly shelf: Shelf | undefined;
}

/** A local backend together with what it takes to make entries for it. */
export class LocalTier {
  constructor(
    readonly backend: LocalBackend,
    /** Life of an entry whose site names none, in milliseconds. */
    readonly defaultTtl: number,
    private readonly clock: Clock,
    private readonly monitor: Monitor,
  ) {}

  /** The live entry at the key, counted as a use; one from before the epoch is dropped. */
  find(key: string, epoch: number): Entry | undefined {
    const entry = this.backend.get(key) as Entry | undefined;
    if (entry === undefined || entry.epoch === epoch) return entry;
    this.backend.delete(key);
    return undefined;
  }

  /** Stores the value; with a life of 0 nothing is stored. What the key held before is gone in any case. */
  store({ key, snapshot, ttlMs, asynchronous, epoch, shelf }: Deposit): void {
    if (ttlMs <= 0) {
      this.backend.delete(key);
      return;
    }
    const bytes = this.backend.sizeOf === undefined ? snapshot.bytes : this.backend.sizeOf(snapshot.take());
    const entry = new Entry(
      key,
      bytes,
      this.clock.now() + ttlMs,
      snapshot,
      asynchronous,
      epoch,
      this.monitor,
    );
    // Only where a hit may go past `get`; shelved first, because the backend may retire the entry at once.
    if (shelf !== undefined && this.backend.touch !== undefined) entry.shelve(shelf);
    this.backend.set(entry);
  }

  /** Milliseconds the entry at the key has left; `undefined` when there is none. */
  ttl(key: string, epoch: number): number | undefined {
    const entry = this.find(key, epoch);
    return entry === undefined ? undefined : entry.freshUntil - this.clock.now();
  }

  drop(key: string): boolean {
    return this.backend.delete(key);
  }

  /** Live keys with the prefix. */
  *keys(prefix: string): IterableIterator<string> {
    for (const key of this.backend.keys()) if (key.startsWith(prefix)) yield key;
  }
}
