import { NULL_CACHE } from '../backends/null-cache.js';
import type { BackendRegistry } from '../backends/registry.js';
import { SimpleCacheNoSerializer } from '../backends/simple-cache-no-serializer.js';
import { useBackend } from '../backends/users.js';
import type { Equipment } from '../engine/binding.js';
import { LocalTier } from '../engine/local-tier.js';
import { SharedTier } from '../engine/shared-tier.js';
import { toMilliseconds } from '../model/duration.js';
import { ConfigurationError } from '../model/errors.js';
import { shown } from '../model/shown.js';
import { HealthWatch } from '../observe/health-watch.js';
import { meteredBackend } from '../observe/metered-backend.js';
import type { BackendContext } from '../ports/backend-context.js';
import type { Failure } from '../ports/observer.js';
import type { SharedBackend } from '../ports/shared-backend.js';
import { Wire } from '../serializers/wire.js';
import type { CacheConfig } from './config.js';

const DEFAULT_TTL = { minutes: 5 } as const;
const TOMBSTONE_TTL = { minutes: 1 } as const;

/** What the tiers are built from. */
export interface Plan {
  readonly config: CacheConfig;
  readonly registry: BackendRegistry;
  readonly equipment: Equipment;
}

/** The tiers of a runtime; what is absent is not configured. */
export interface Tiers {
  readonly local: LocalTier | undefined;
  /** Where sites with `noSerialization` go. */
  readonly reference: LocalTier | undefined;
  readonly shared: SharedTier | undefined;
  /** What the shared tier works on, as it was configured. */
  readonly backend: SharedBackend | undefined;
  readonly watch: HealthWatch | undefined;
}

/** @throws ConfigurationError for kinds that are unknown and options that a backend or the wire refuses. */
export function buildTiers(plan: Plan): Tiers {
  const { clock, monitor } = plan.equipment;
  const context: BackendContext = { clock, report: (failure) => monitor.failure(failure) };
  const local = buildLocal(plan, context);
  return {
    local,
    reference: local && buildReference(plan, context, local),
    ...buildShared(plan),
  };
}

function buildLocal({ config, registry, equipment }: Plan, context: BackendContext): LocalTier | undefined {
  const { kind, defaultTtl = DEFAULT_TTL, ...options } = config.local ?? { kind: 'SimpleCache' as const };
  if (kind === NULL_CACHE) return undefined;
  const backend = new (registry.find('local', kind))(options, context);
  const life = toMilliseconds(defaultTtl, 'local.defaultTtl');
  return new LocalTier(backend, life, equipment.clock, equipment.monitor);
}

/** A store of references beside one of copies, within the same bound. */
function buildReference({ config, equipment }: Plan, context: BackendContext, local: LocalTier): LocalTier {
  if (local.backend.isolation === 'reference') return local;
  const threshold = (config.local as { readonly threshold?: number } | undefined)?.threshold;
  const backend = new SimpleCacheNoSerializer(threshold === undefined ? {} : { threshold }, context);
  return new LocalTier(backend, local.defaultTtl, equipment.clock, equipment.monitor);
}

function buildShared({ config, registry, equipment }: Plan): Omit<Tiers, 'local' | 'reference'> {
  const { background, clock, monitor, serializers } = equipment;
  // Made in any case: what is wrong with its options is wrong in every environment.
  const wire = new Wire({
    serializers,
    clock,
    encoded: (site, bytes, ms) => monitor.encoded(site, bytes, ms),
    ...(config.maxValueBytes === undefined ? {} : { maxValueBytes: config.maxValueBytes }),
    ...(config.compress === undefined ? {} : { compress: config.compress }),
    ...(config.protect === undefined ? {} : { protect: config.protect }),
  });
  if (config.shared === undefined || config.shared.kind === NULL_CACHE)
    return { shared: undefined, backend: undefined, watch: undefined };
  const {
    kind,
    defaultTtl: life = DEFAULT_TTL,
    tombstoneTtl: mark = TOMBSTONE_TTL,
    ...options
  } = config.shared;
  const defaultTtl = toMilliseconds(life, 'shared.defaultTtl');
  const tombstoneTtl = toMilliseconds(mark, 'shared.tombstoneTtl');
  if (tombstoneTtl === 0)
    throw new ConfigurationError('shared.tombstoneTtl is 0; accepted: a time from 1 ms');
  let inner: SharedBackend | undefined;
  const watch = new HealthWatch(
    () => inner?.health?.(),
    clock,
    (change) => monitor.turned(change),
  );
  const report = (failure: Failure): void => {
    if (failure.operation !== 'background') monitor.shared.failed(failure.error);
    monitor.failure(failure);
    watch.check();
  };
  inner = new (registry.find('shared', kind))(options, { clock, report });
  if (typeof inner.read !== 'function')
    throw new ConfigurationError(
      `shared.kind is ${shown(kind)}; accepted: a class with the methods of SharedBackend`,
    );
  useBackend(inner);
  const backend = meteredBackend(inner, monitor.shared, watch);
  const parts = { backend, defaultTtl, tombstoneTtl, wire, clock, monitor, background };
  return { shared: new SharedTier(parts), backend: inner, watch };
}
