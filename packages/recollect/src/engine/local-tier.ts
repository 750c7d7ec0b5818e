import { ConfigurationError } from '../model/errors.js';
import { shown } from '../model/shown.js';
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

  /** The live entry at the key, counted as a use; one from before the epoch is dropped. A backend that throws has none. */
  find(key: string, epoch: number): Entry | undefined {
    try {
      const entry = this.backend.get(key) as Entry | undefined;
      if (entry === undefined || entry.epoch === epoch) return entry;
      this.backend.delete(key);
    } catch (error) {
      this.monitor.failure({ operation: 'read', tier: 'local', error });
    }
    return undefined;
  }

  /**
   * Stores the value; with a life of 0 nothing is stored. What the key held before is gone in either case.
   * @throws ConfigurationError for a size that is no number from 0; what the backend and its `sizeOf` throw.
   */
  store({ key, snapshot, ttlMs, asynchronous, epoch, shelf }: Deposit): void {
    if (ttlMs <= 0) {
      this.backend.delete(key);
      return;
    }
    const bytes = this.#bytesOf(snapshot);
    this.monitor.local.stores++;
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
    try {
      this.backend.set(entry);
    } catch (error) {
      entry.retire('evicted');
      throw error;
    }
  }

  #bytesOf(snapshot: Snapshot): number {
    if (this.backend.sizeOf === undefined) return snapshot.bytes;
    const bytes: unknown = this.backend.sizeOf(snapshot.take());
    if (typeof bytes === 'number' && bytes >= 0) return bytes;
    throw new ConfigurationError(
      `${this.backend.kind}: sizeOf returned ${shown(bytes)}; accepted: a number of bytes from 0`,
    );
  }

  /** Milliseconds the entry at the key has left; `undefined` when there is none. */
  ttl(key: string, epoch: number): number | undefined {
    const entry = this.find(key, epoch);
    return entry === undefined ? undefined : entry.freshUntil - this.clock.now();
  }

  drop(key: string): boolean {
    return this.backend.delete(key);
  }

  /** Live keys with the prefix; to be listed counts as a use. */
  keys(prefix: string): string[] {
    // Read first, since the backend drops what it finds expired.
    const held = [...this.backend.keys()].filter((key) => key.startsWith(prefix));
    return held.filter((key) => this.backend.get(key) !== undefined);
  }
}
