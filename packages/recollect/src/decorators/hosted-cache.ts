import { sumStats } from '../observe/site-stats.js';
import type { LocalBackend } from '../ports/local-backend.js';
import type { SharedBackend } from '../ports/shared-backend.js';
import type { RuntimeHost } from '../runtime/host.js';
import { type ManualOptions, ManualStore } from '../runtime/manual-store.js';
import type { Runtime } from '../runtime/runtime.js';
import type { Cache, CacheHealth, CacheStats } from './cache.js';
import { cachedFor } from './cached.js';
import { type CachedFunctionMaker, cachedFunctionFor } from './cached-function.js';
import { type Invalidates, invalidatesFor } from './invalidates.js';
import type { Cached } from './types.js';

/** The cache that a host has in force, or had: apart from its interface, so that nothing of the inside shows there. */
export class HostedCache implements Cache {
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

  get config(): unknown {
    return this.#runtime.config;
  }

  get localTier(): LocalBackend | undefined {
    return this.#runtime.local?.backend;
  }

  get sharedTier(): SharedBackend | undefined {
    return this.#runtime.sharedBackend;
  }

  async get<T = unknown>(key: string): Promise<T | undefined> {
    return (await this.#manual.find([key])).get(key) as T | undefined;
  }

  async getEntry<T = unknown>(key: string): Promise<{ readonly value: T } | undefined> {
    const found = await this.#manual.find([key]);
    return found.has(key) ? { value: found.get(key) as T } : undefined;
  }

  async getMany<T = unknown>(keys: readonly string[]): Promise<ReadonlyMap<string, T>> {
    return (await this.#manual.find(keys)) as Map<string, T>;
  }

  set(key: string, value: unknown, options: ManualOptions = {}): Promise<void> {
    return this.#manual.set([[key, value]], options);
  }

  setMany(
    entries: Iterable<readonly [key: string, value: unknown]>,
    options: ManualOptions = {},
  ): Promise<void> {
    return this.#manual.set(entries, options);
  }

  getOrLoad<T>(key: string, load: () => T | Promise<T>, options: ManualOptions = {}): Promise<T> {
    return this.#manual.getOrLoad(key, load, options) as Promise<T>;
  }

  async has(key: string): Promise<boolean> {
    return (await this.getEntry(key)) !== undefined;
  }

  delete(key: string): Promise<boolean> {
    return this.#manual.delete(key);
  }

  ttl(key: string): Promise<number | undefined> {
    return this.#manual.ttl(key);
  }

  keys(prefix = ''): AsyncIterable<string> {
    return this.#manual.keys(prefix);
  }

  clear(): Promise<void> {
    return this.#manual.clear();
  }

  stats(): CacheStats {
    const runtime = this.#runtime;
    const { flights, monitor } = runtime.equipment;
    const sites = runtime.stats();
    const total = sumStats(Object.values(sites));
    const { sharedTier } = this;
    return {
      total,
      sites,
      local: { ...runtime.held(), hits: total.localHits, ...monitor.local },
      ...(sharedTier && { shared: monitor.shared.snapshot(sharedTier.kind, sharedTier.counts?.() ?? {}) }),
      degraded: { ...monitor.degraded },
      failures: monitor.failures,
      loading: flights.size,
    };
  }

  health(): CacheHealth {
    const { degraded = false, reasons = [] } = this.sharedTier?.health?.() ?? {};
    if (!this.#runtime.closed) return { ok: true, degraded, reasons };
    return { ok: false, degraded: true, reasons: ['the cache is closed', ...reasons] };
  }

  info(): string {
    const { namespace = 'recollect' } = (this.config ?? {}) as { readonly namespace?: string };
    const { localTier, sharedTier } = this;
    const local =
      localTier === undefined ? 'none' : `${localTier.kind} (${this.#runtime.held().entries} entries)`;
    return `recollect '${namespace}': local ${local}, shared ${sharedTier?.kind ?? 'none'}`;
  }

  settled(): Promise<void> {
    return this.#runtime.equipment.background.settled();
  }

  async close({ deadlineMs = 1_000 }: { readonly deadlineMs?: number } = {}): Promise<void> {
    const closing = this.#runtime.close(deadlineMs);
    this.#host.ended(this.#runtime);
    await closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
