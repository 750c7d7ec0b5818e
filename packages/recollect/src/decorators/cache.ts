/// <reference lib="esnext.disposable" preserve="true" />
import type { SiteStats } from '../observe/site-stats.js';
import type { LocalStats, SharedStats } from '../observe/tier-stats.js';
import type { LocalBackend } from '../ports/local-backend.js';
import type { DegradedReason } from '../ports/observer.js';
import type { BackendHealth, SharedBackend } from '../ports/shared-backend.js';
import type { ManualOptions } from '../runtime/manual-store.js';
import type { CachedFunctionMaker } from './cached-function.js';
import type { Invalidates } from './invalidates.js';
import type { Cached } from './types.js';

/** Counts of a whole runtime. */
export interface CacheStats {
  /** The sum of all sites. */
  readonly total: SiteStats;
  /** By name; operations by hand are the site `$manual`. */
  readonly sites: Readonly<Record<string, SiteStats>>;
  readonly local: LocalStats;
  /** Absent without a shared tier. */
  readonly shared?: SharedStats;
  /** How often something was done in another way than by the cache as it is configured, by the reason why. */
  readonly degraded: Readonly<Record<DegradedReason, number>>;
  /** Failures that no caller was told about, those that a backend swallows included. Each has its reason in `degraded`. */
  readonly failures: number;
  /** Loads under way. */
  readonly loading: number;
}

/** How a cache fares. */
export interface CacheHealth extends BackendHealth {
  /** False only after it was closed: while it is merely degraded, instances must not be taken out of service for it. */
  readonly ok: boolean;
}

/**
 * A runtime as its users see it: decorators bound to it, operations by hand, and its end. Operations by hand reject with
 * BackendError when the shared tier fails (unless its backend never does), decorated calls do not.
 */
export interface Cache extends AsyncDisposable {
  /** As the exported decorators, but for the sites of this cache. */
  readonly cached: Cached;
  readonly invalidates: Invalidates;
  readonly cachedFunction: CachedFunctionMaker;
  /** The config in force, frozen, with secrets hidden. */
  readonly config: unknown;
  readonly localTier: LocalBackend | undefined;
  readonly sharedTier: SharedBackend | undefined;
  /** The value; `undefined` when there is none, or when it is `undefined`: `getEntry` tells the two apart. */
  get<T = unknown>(key: string): Promise<T | undefined>;
  /** The value in a wrapper, or `undefined` when there is none. */
  getEntry<T = unknown>(key: string): Promise<{ readonly value: T } | undefined>;
  /** The values that are there, by key; one round trip for all that are not local. */
  getMany<T = unknown>(keys: readonly string[]): Promise<ReadonlyMap<string, T>>;
  /** Stores a value; rejects with SerializationError when no serializer can carry it. */
  set(key: string, value: unknown, options?: ManualOptions): Promise<void>;
  /** Stores values in one round trip; if one cannot be carried, none is stored. */
  setMany(entries: Iterable<readonly [key: string, value: unknown]>, options?: ManualOptions): Promise<void>;
  /** The value, or what `load` returns, which is stored; `load` runs once for all who ask at the same time. */
  getOrLoad<T>(key: string, load: () => T | Promise<T>, options?: ManualOptions): Promise<T>;
  has(key: string): Promise<boolean>;
  /** True when there was one, in any tier. */
  delete(key: string): Promise<boolean>;
  /** Milliseconds the value has left; `undefined` when there is none. */
  ttl(key: string): Promise<number | undefined>;
  /** Keys set by hand that start with the prefix, each once; those too long to be readable are left out. */
  keys(prefix?: string): AsyncIterable<string>;
  /** Drops everything under the namespace, decorated or set by hand, in both tiers. */
  clear(): Promise<void>;
  stats(): CacheStats;
  /** Whether it is closed, and whether the shared tier answers as far as its backend can tell; asks no server. */
  health(): CacheHealth;
  /** Which backends answer, in one line for logs. */
  info(): string;
  /** Resolves when all writes to the shared tier that have begun are done. */
  settled(): Promise<void>;
  /**
   * Waits for writes under way, at most `deadlineMs` (default 1,000), then ends connections and timers. Decorated methods
   * go on without a cache. Idempotent, never rejects.
   */
  close(options?: { readonly deadlineMs?: number }): Promise<void>;
}
