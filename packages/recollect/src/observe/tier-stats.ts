import type { Removal } from '../ports/local-backend.js';
import { limitOf } from './degraded.js';

/** What the tier in this process holds, and what became of what it held. */
export interface LocalStats {
  readonly entries: number;
  /** What all entries are charged. */
  readonly bytes: number;
  /** Calls and reads by hand that it answered. */
  readonly hits: number;
  /** Entries it took in. */
  readonly stores: number;
  /** Entries that left it to make room, those among them that never fitted. */
  readonly evicted: number;
  readonly expired: number;
  readonly replaced: number;
  /** Invalidated, deleted or cleared. */
  readonly deleted: number;
}

/** What was asked of the shared tier, and what it answered. */
export interface SharedStats {
  /** The name its backend is configured by. */
  readonly kind: string;
  /** Read operations that succeeded; one may ask for many keys. */
  readonly reads: number;
  /** Values looked for that were there and could be used. */
  readonly hits: number;
  /** Values looked for that were not. */
  readonly misses: number;
  /** Write operations that succeeded; one may store many records. */
  readonly writes: number;
  /** Results not stored because something else was stored meanwhile, or invalidated. */
  readonly refusedFills: number;
  /** Delete operations that succeeded. */
  readonly deletes: number;
  /** Operations that failed, whoever was told. */
  readonly failures: number;
  /** Operations cut off at their deadline. */
  readonly deadlines: number;
  /** Operations that a circuit breaker turned away. */
  readonly breakerRejections: number;
  /** Operations turned away because too many were under way. */
  readonly overloads: number;
  /** Bytes of all records that were stored, those of version ids and the like among them. */
  readonly bytesWritten: number;
  /** Bytes of all records that were read. */
  readonly bytesRead: number;
  /** Values that took longer than 10 ms to encode. */
  readonly slowEncodes: number;
}

/** Counts of a local tier but for what its backend knows itself. */
export class LocalCounters implements Record<Removal, number> {
  stores = 0;
  evicted = 0;
  expired = 0;
  replaced = 0;
  deleted = 0;
}

/** Counts of a shared tier. All of it is O(1). */
export class SharedCounters {
  reads = 0;
  lookups = 0;
  hits = 0;
  writes = 0;
  refusedFills = 0;
  deletes = 0;
  failures = 0;
  bytesWritten = 0;
  bytesRead = 0;
  slowEncodes = 0;
  readonly #limits = { deadline: 0, overload: 0, 'breaker-open': 0 };

  failed(error: unknown): void {
    this.failures++;
    const limit = limitOf(error);
    if (limit !== undefined) this.#limits[limit]++;
  }

  /** @param own what the backend counts itself: it knows of operations that were part of others. */
  snapshot(kind: string, own: Readonly<Record<string, number>>): SharedStats {
    const { lookups, ...counts } = this;
    const limits = this.#limits;
    return {
      kind,
      ...counts,
      misses: lookups - counts.hits,
      deadlines: own.deadlines ?? limits.deadline,
      breakerRejections: own.rejectedByBreaker ?? limits['breaker-open'],
      overloads: own.overloads ?? limits.overload,
    };
  }
}
