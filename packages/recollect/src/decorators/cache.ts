import { type SiteStats, sumStats } from '../observe/site-stats.js';
import type { LocalBackend } from '../ports/local-backend.js';
import type { SharedBackend } from '../ports/shared-backend.js';
import type { RuntimeHost } from '../runtime/host.js';
import { type ManualOptions, ManualStore } from '../runtime/manual-store.js';
import type { Runtime } from '../runtime/runtime.js';
import { cachedFor } from './cached.js';
import { type CachedFunctionMaker, cachedFunctionFor } from './cached-function.js';
import { type Invalidates, invalidatesFor } from './invalidates.js';
import type { Cached } from './types.js';

/** Counts of a whole runtime. */
export interface CacheStats {
  readonly total: SiteStats;
  readonly sites: Readonly<Record<string, SiteStats>>;
  /** What the local tier holds. */
  readonly local: { readonly entries: number; readonly bytes: number };
  /** Failures that no caller was told about, those that a backend swallows included. */
  readonly failures: number;
  /** Loads under way. */
  readonly loading: number;
}

/**
 * A runtime as its users see it: decorators bound to it, operations by hand, and its end. Operations by hand reject with
 * BackendError when the shared tier fails (unless its backend never does), decorated calls do not.
 */
export class Cache implements AsyncDisposable {
  /** As the exported decorators, but for the sites of this cache. */
  readonly cached: Cached;
  readonly invalidates: Invalidates;
  readonly cachedFunction: CachedFunctionMaker;
  readonly #host: RuntimeHost;
  readonly #runtime: Runtime;
  readonly #manual: ManualStore;

  constructor(host: RuntimeHost, runtime: Runtime) {
    this.#host = host;
    this.#runtime = runtime;
    this.#manual = new ManualStore(runtime);
    this.cached = cachedFor(() => host);
    this.invalidates = invalidatesFor(() => host);
    this.cachedFunction = cachedFunctionFor(() => host);
  }

  /** The config in force, frozen, with secrets hidden. */
  get config(): unknown {
    return this.#runtime.config;
  }

  get localTier(): LocalBackend | undefined {
    return this.#runtime.local?.backend;
  }

  get sharedTier(): SharedBackend | undefined {
    return this.#runtime.shared?.backend;
  }

  /** The value; `undefined` when there is none, or when it is `undefined`: `getEntry` tells the two apart. */
  async get<T = unknown>(key: string): Promise<T | undefined> {
    return (await this.#manual.find([key])).get(key) as T | undefined;
  }

  /** The value in a wrapper, or `undefined` when there is none. */
  async getEntry<T = unknown>(key: string): Promise<{ readonly value: T } | undefined> {
    const found = await this.#manual.find([key]);
    return found.has(key) ? { value: found.get(key) as T } : undefined;
  }

  /** The values that are there, by key; one round trip for all that are not local. */
  async getMany<T = unknown>(keys: readonly string[]): Promise<ReadonlyMap<string, T>> {
    return (await this.#manual.find(keys)) as Map<string, T>;
  }

  /** Stores a value; rejects with SerializationError when no serializer can carry it. */
  set(key: string, value: unknown, options: ManualOptions = {}): Promise<void> {
    return this.#manual.set([[key, value]], options);
  }

  /** Stores values in one round trip; if one cannot be carried, none is stored. */
  setMany(
    entries: Iterable<readonly [key: string, value: unknown]>,
    options: ManualOptions = {},
  ): Promise<void> {
    return this.#manual.set(entries, options);
  }

  /** The value, or what `load` returns, which is stored; `load` runs once for all who ask at the same time. */
  getOrLoad<T>(key: string, load: () => T | Promise<T>, options: ManualOptions = {}): Promise<T> {
    return this.#manual.getOrLoad(key, load, options) as Promise<T>;
  }

  async has(key: string): Promise<boolean> {
    return (await this.getEntry(key)) !== undefined;
  }

  /** True when there was one, in any tier. */
  delete(key: string): Promise<boolean> {
    return this.#manual.delete(key);
  }

  /** Milliseconds the value has left; `undefined` when there is none. */
  ttl(key: string): Promise<number | undefined> {
    return this.#manual.ttl(key);
  }

  /** Keys set by hand that start with the prefix, each once; those too long to be readable are left out. */
  keys(prefix = ''): AsyncIterable<string> {
    return this.#manual.keys(prefix);
  }

  /** Drops everything under the namespace, decorated or set by hand, in both tiers. */
  clear(): Promise<void> {
    return this.#manual.clear();
  }

  stats(): CacheStats {
    const sites = this.#runtime.stats();
    const { size = 0, bytes = 0 } = this.localTier ?? {};
    return {
      total: sumStats(Object.values(sites)),
      sites,
      local: { entries: size, bytes },
      failures: this.#runtime.equipment.monitor.failures,
      loading: this.#runtime.equipment.flights.size,
    };
  }

  /** Which backends answer, in one line for logs. */
  info(): string {
    const { namespace = 'recollect' } = (this.config ?? {}) as { readonly namespace?: string };
    const { localTier, sharedTier } = this;
    const local = localTier === undefined ? 'none' : `${localTier.kind} (${localTier.size} entries)`;
    return `recollect '${namespace}': local ${local}, shared ${sharedTier?.kind ?? 'none'}`;
  }

  /** Resolves when all writes to the shared tier that have begun are done. */
  settled(): Promise<void> {
    return this.#runtime.equipment.background.settled();
  }

  /**
   * Waits for writes under way, at most `deadlineMs` (default 1,000), then ends connections and timers. Decorated methods
   * go on without a cache. Idempotent, never rejects.
   */
  async close({ deadlineMs = 1_000 }: { readonly deadlineMs?: number } = {}): Promise<void> {
    const closing = this.#runtime.close(deadlineMs);
    this.#host.unbindAll();
    await closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
