import { BackendRegistry } from '../backends/registry.js';
import { releaseBackend } from '../backends/users.js';
import { type Binding, type Equipment, SiteState } from '../engine/binding.js';
import { CachedOperations } from '../engine/cached-operations.js';
import { CachedResolver } from '../engine/cached-resolver.js';
import { Closed } from '../engine/closed.js';
import { HeldLeases } from '../engine/held-leases.js';
import { leaseLimits } from '../engine/lease-limits.js';
import type { Leasing } from '../engine/leasing.js';
import type { LocalTier } from '../engine/local-tier.js';
import { NullOperations } from '../engine/null-operations.js';
import { PassThrough } from '../engine/pass-through.js';
import type { SharedTier } from '../engine/shared-tier.js';
import type { Resolver, Site } from '../engine/site.js';
import type { SiteOperations } from '../engine/site-operations.js';
import { KeySpace } from '../keys/key-space.js';
import { ConfigurationError } from '../model/errors.js';
import { platform } from '../model/platform.js';
import type { Policy } from '../model/policy.js';
import type { HealthWatch } from '../observe/health-watch.js';
import { Monitor } from '../observe/monitor.js';
import { SiteCounters, type SiteStats } from '../observe/site-stats.js';
import type { Clock } from '../ports/clock.js';
import type { SharedBackend } from '../ports/shared-backend.js';
import { Background } from '../resilience/background.js';
import { Flights } from '../resilience/flights.js';
import { Waiters } from '../resilience/waiters.js';
import { SerializerSet } from '../serializers/serializer-set.js';
import { buildTiers } from './build-tiers.js';
import type { CacheConfig } from './config.js';
import { validateConfig } from './config-check.js';
import { MANUAL_SITE } from './manual-site.js';
import { redact } from './redact.js';
import { SystemClock } from './system-clock.js';

/** What a runtime remembers of a site. */
interface Known {
  readonly counters: SiteCounters;
  readonly state: SiteState;
}

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
  /** Counts of operations by hand. */
  readonly manual = new SiteCounters();
  /** The backend of the shared tier as it was configured. */
  readonly sharedBackend: SharedBackend | undefined;
  readonly #watch: HealthWatch | undefined;
  readonly #reference: LocalTier | undefined;
  /** By name, because a site is bound again whenever its host says so, and must not forget what it has declared wrong. */
  readonly #sites = new Map<string, Known>();
  readonly #leases: Pick<Leasing, 'limits' | 'held' | 'waiters'>;
  readonly #ownClock: SystemClock | undefined;
  #closing: Promise<void> | undefined;

  /** @throws ConfigurationError for everything that can be wrong in a config. */
  constructor(config: CacheConfig, onIdle: () => void) {
    validateConfig(config);
    this.config = redact(config);
    const ownClock = config.clock === undefined ? new SystemClock(onIdle) : undefined;
    this.#ownClock = ownClock;
    const clock: Clock = config.clock ?? (ownClock as SystemClock);
    this.equipment = {
      clock,
      monitor: new Monitor(config.observer, config.namespace ?? 'recollect'),
      flights: new Flights(),
      background: new Background(),
      keys: new KeySpace(config.namespace ?? 'recollect'),
      serializers: new SerializerSet(config.serializers ?? [], clock),
      production: config.production ?? platform.process?.env?.NODE_ENV === 'production',
    };
    const limits = leaseLimits(config.leases);
    const held = new HeldLeases(clock);
    this.#leases = { limits, held, waiters: new Waiters(limits) };
    const registry = new BackendRegistry(config.use ?? []);
    const tiers = buildTiers({ config, registry, equipment: this.equipment });
    this.local = tiers.local;
    this.#reference = tiers.reference;
    this.shared = tiers.shared;
    this.sharedBackend = tiers.backend;
    this.#watch = tiers.watch;
    // Listed with the methods. Nobody else counts into it but a method that is called so.
    this.#sites.set(MANUAL_SITE, { counters: this.manual, state: new SiteState(undefined) });
  }

  /** Decides once which tiers answer the site, and whether anything is cached at all. */
  bind(site: Site, name: string): Bound {
    const { policy } = site;
    const local = policy.tiers === 'shared' ? undefined : policy.reference ? this.#reference : this.local;
    const shared = policy.tiers === 'local' ? undefined : this.shared;
    // Known before the first call, wherever anything but a promise is refused.
    const asynchronous = policy.tiers !== 'local' || isAsyncFunction(site.method);
    const known = this.#sites.get(name) ?? {
      counters: new SiteCounters(),
      state: new SiteState(asynchronous || undefined),
    };
    this.#sites.set(name, known);
    const { counters } = known;
    if (this.#closing !== undefined && shared !== undefined && policy.atomic?.mode === 'at_most_once')
      return { resolver: new Closed(name), operations: new NullOperations(site.method, counters) };
    if (this.#closing !== undefined || (local === undefined && shared === undefined)) {
      return {
        resolver: new PassThrough(site.method, counters),
        operations: new NullOperations(site.method, counters),
      };
    }
    const { keys, serializers } = this.equipment;
    if (policy.serializer !== undefined) serializers.require(policy.serializer);
    if (shared === undefined && policy.atomic?.mode === 'at_most_once')
      this.equipment.monitor.warning(
        `${name}: there is no shared tier, so atomicWrites: 'at_most_once' holds within this process only, and while the entry is kept`,
      );
    const binding: Binding = {
      ...this.equipment,
      name,
      policy,
      local,
      shared,
      ...known,
      leasing: shared && this.#leasing(name, policy, shared),
      versionKeys: [keys.namespaceVersion, keys.siteVersion(name)],
    };
    const resolver = new CachedResolver(site, binding);
    return { resolver, operations: new CachedOperations(binding, resolver) };
  }

  /** How loads of a site take turns with those of other processes, if they do. */
  #leasing(name: string, policy: Policy, { backend }: SharedTier): Leasing | undefined {
    const { atomicByDefault } = backend;
    const atomic =
      policy.atomic ?? (atomicByDefault && { mode: atomicByDefault, numbered: false, holdAfterError: false });
    if (atomic === undefined) return undefined;
    if (backend.atomic !== undefined) return { ...this.#leases, ...atomic, store: backend.atomic };
    const what = `${name}: ${backend.kind} has no leases`;
    if (atomic.mode === 'at_most_once')
      throw new ConfigurationError(
        `${what}, which atomicWrites: 'at_most_once' needs; accepted: a shared tier such as RedisCacheAtomic`,
      );
    this.equipment.monitor.warning(`${what}, so each process loads for itself`);
    return undefined;
  }

  /** Counts by site. */
  stats(): Readonly<Record<string, SiteStats>> {
    const all = [...this.#sites].map(([name, { counters }]) => [name, counters.snapshot()] as const);
    // Not listed until there is something to tell: who does nothing by hand has never heard of it.
    const isTold = (counts: SiteStats): boolean => Object.values(counts).some((count) => count > 0);
    return Object.fromEntries(all.filter(([name, counts]) => name !== MANUAL_SITE || isTold(counts)));
  }

  /** What is held locally, by copy and by reference. */
  held(): { entries: number; bytes: number } {
    const tiers = new Set([this.local, this.#reference].flatMap((tier) => tier ?? []));
    const held = { entries: 0, bytes: 0 };
    for (const { backend } of tiers) {
      held.entries += backend.size;
      held.bytes += backend.bytes;
    }
    return held;
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
    // At once: from now on nobody can tell these loads of an invalidation.
    const { background, flights } = this.equipment;
    flights.fenceLoads();
    // Loads under leases may still come home: an invalidation elsewhere breaks the lease.
    background.run(this.#leases.held.settled(), () => {});
    await background.drain(deadlineMs);
    await this.#leases.held.abandon();
    this.#ownClock?.sleep();
    try {
      this.clearLocal();
    } catch (error) {
      this.equipment.monitor.failure({ operation: 'background', error });
    }
    try {
      this.#watch?.close();
      if (this.sharedBackend !== undefined && releaseBackend(this.sharedBackend))
        await this.sharedBackend.close();
    } catch (error) {
      this.equipment.monitor.failure({ operation: 'background', error });
    }
  }
}

function isAsyncFunction(method: unknown): boolean {
  return Object.prototype.toString.call(method) === '[object AsyncFunction]';
}
