import { NULL_CACHE } from '../backends/null-cache.js';
import { BackendRegistry } from '../backends/registry.js';
import { SimpleCacheNoSerializer } from '../backends/simple-cache-no-serializer.js';
import { type Binding, type Equipment, SiteState } from '../engine/binding.js';
import { CachedOperations } from '../engine/cached-operations.js';
import { CachedResolver } from '../engine/cached-resolver.js';
import { LocalTier } from '../engine/local-tier.js';
import { NullOperations } from '../engine/null-operations.js';
import { PassThrough } from '../engine/pass-through.js';
import { SharedTier } from '../engine/shared-tier.js';
import type { Resolver, Site } from '../engine/site.js';
import type { SiteOperations } from '../engine/site-operations.js';
import { KeySpace } from '../keys/key-space.js';
import { toMilliseconds } from '../model/duration.js';
import { ConfigurationError } from '../model/errors.js';
import { platform } from '../model/platform.js';
import { shown } from '../model/shown.js';
import { Monitor } from '../observe/monitor.js';
import { SiteCounters, type SiteStats } from '../observe/site-stats.js';
import type { BackendContext } from '../ports/backend-context.js';
import type { Clock } from '../ports/clock.js';
import { Background } from '../resilience/background.js';
import { Flights } from '../resilience/flights.js';
import { SerializerSet } from '../serializers/serializer-set.js';
import { Wire } from '../serializers/wire.js';
import type { CacheConfig } from './config.js';
import { validateConfig } from './config-check.js';
import { redact } from './redact.js';
import { SystemClock } from './system-clock.js';

const DEFAULT_TTL = { minutes: 5 } as const;

/** A site wired to a runtime. */
export interface Bound {
  readonly resolver: Resolver;
  readonly operations: SiteOperations;
}

/** Backends, tiers and equipment built from one config; binds sites to them; owns their end. */
export class Runtime {
  readonly config: unknown;
  readonly equipment: Equipment;
  /** Copies or references, as configured; absent when nothing is cached locally. */
  readonly local: LocalTier | undefined;
  readonly shared: SharedTier | undefined;
  readonly #reference: LocalTier | undefined;
  readonly #counters = new Map<string, SiteCounters>();
  readonly #ownClock: SystemClock | undefined;
  #closing: Promise<void> | undefined;

  /** @throws ConfigurationError for everything that can be wrong in a config. */
  constructor(config: CacheConfig, onIdle: () => void) {
    validateConfig(config);
    this.config = redact(config);
    const ownClock = config.clock === undefined ? new SystemClock(onIdle) : undefined;
    this.#ownClock = ownClock;
    const clock: Clock = config.clock ?? (ownClock as SystemClock);
    const monitor = new Monitor(config.observer);
    this.equipment = {
      clock,
      monitor,
      flights: new Flights(),
      background: new Background(),
      keys: new KeySpace(config.namespace ?? 'recollect'),
      serializers: new SerializerSet(config.serializers ?? []),
      production: config.production ?? platform.process?.env?.['NODE_ENV'] === 'production',
    };
    const context: BackendContext = { clock, report: (failure) => monitor.failure(failure) };
    const registry = new BackendRegistry(config.use ?? []);
    this.local = buildLocal(config, registry, context, monitor);
    this.#reference = this.local && referenceTier(this.local, config, context, monitor);
    this.shared = buildShared(config, registry, context, this.equipment);
  }

  /** Decides once which tiers answer the site, and whether anything is cached at all. */
  bind(site: Site, name: string): Bound {
    const { policy } = site;
    const counters = this.#counters.get(name) ?? new SiteCounters();
    this.#counters.set(name, counters);
    const local = policy.tiers === 'shared' ? undefined : policy.reference ? this.#reference : this.local;
    const shared = policy.tiers === 'local' ? undefined : this.shared;
    if (this.#closing !== undefined || (local === undefined && shared === undefined)) {
      return {
        resolver: new PassThrough(site.method, counters),
        operations: new NullOperations(site.method, counters),
      };
    }
    const { keys, serializers } = this.equipment;
    if (policy.serializer !== undefined) serializers.require(policy.serializer);
    const binding: Binding = {
      ...this.equipment,
      name,
      policy,
      local,
      shared,
      counters,
      versionKeys: [keys.namespaceVersion, keys.siteVersion(name)],
      state: new SiteState(shared !== undefined || isAsyncFunction(site.method) ? true : undefined),
    };
    const resolver = new CachedResolver(site, binding);
    return { resolver, operations: new CachedOperations(binding, resolver, site.method) };
  }

  /** Counts by site. */
  stats(): Readonly<Record<string, SiteStats>> {
    return Object.fromEntries([...this.#counters].map(([name, counters]) => [name, counters.snapshot()]));
  }

  /** Drops every local entry at once and forbids every load in flight to store. */
  clearLocal(): void {
    this.equipment.flights.fenceAll();
    this.local?.backend.clear();
    this.#reference?.backend.clear();
  }

  get closed(): boolean {
    return this.#closing !== undefined;
  }

  /** Waits for writes under way at most `deadlineMs`, then ends the backends. Idempotent, never rejects. */
  close(deadlineMs: number): Promise<void> {
    this.#closing ??= this.#end(deadlineMs);
    return this.#closing;
  }

  async #end(deadlineMs: number): Promise<void> {
    await this.equipment.background.drain(deadlineMs);
    this.clearLocal();
    this.#ownClock?.sleep();
    try {
      await this.shared?.backend.close();
    } catch (error) {
      this.equipment.monitor.failure({ operation: 'background', error });
    }
  }
}

function buildLocal(
  config: CacheConfig,
  registry: BackendRegistry,
  context: BackendContext,
  monitor: Monitor,
): LocalTier | undefined {
  const { kind, defaultTtl = DEFAULT_TTL, ...options } = config.local ?? { kind: 'SimpleCache' as const };
  if (kind === NULL_CACHE) return undefined;
  const backend = new (registry.find('local', kind))(options, context);
  return new LocalTier(backend, toMilliseconds(defaultTtl, 'local.defaultTtl'), context.clock, monitor);
}

/** Where sites with `noSerialization` go: a store of references within the same bound. */
function referenceTier(
  local: LocalTier,
  config: CacheConfig,
  context: BackendContext,
  monitor: Monitor,
): LocalTier {
  if (local.backend.isolation === 'reference') return local;
  const threshold = (config.local as { readonly threshold?: number } | undefined)?.threshold;
  const backend = new SimpleCacheNoSerializer(threshold === undefined ? {} : { threshold }, context);
  return new LocalTier(backend, local.defaultTtl, context.clock, monitor);
}

function buildShared(
  config: CacheConfig,
  registry: BackendRegistry,
  context: BackendContext,
  equipment: Equipment,
): SharedTier | undefined {
  // Made in any case: what is wrong with its options is wrong in every environment.
  const wire = new Wire({
    serializers: equipment.serializers,
    ...(config.compress === undefined ? {} : { compress: config.compress }),
    ...(config.protect === undefined ? {} : { protect: config.protect }),
  });
  if (config.shared === undefined || config.shared.kind === NULL_CACHE) return undefined;
  const { kind, defaultTtl = DEFAULT_TTL, ...options } = config.shared;
  const life = toMilliseconds(defaultTtl, 'shared.defaultTtl');
  const backend = new (registry.find('shared', kind))(options, context);
  if (typeof backend.read !== 'function')
    throw new ConfigurationError(
      `shared.kind is ${shown(kind)}; accepted: a class with the methods of SharedBackend`,
    );
  return new SharedTier(backend, life, wire, equipment.monitor, equipment.background);
}

function isAsyncFunction(method: unknown): boolean {
  return Object.prototype.toString.call(method) === '[object AsyncFunction]';
}
