export type { LocalBackendKinds, SharedBackendKinds } from './backends/kinds.js';
export { NullCache } from './backends/null-cache.js';
export { SimpleCache, type SimpleCacheOptions } from './backends/simple-cache.js';
export {
  SimpleCacheNoSerializer,
  type SimpleCacheNoSerializerOptions,
} from './backends/simple-cache-no-serializer.js';
export type { Cache, CacheHealth, CacheStats } from './decorators/cache.js';
export { cacheOf } from './decorators/cache-of.js';
export type { CachedFunction, CachedFunctionMaker } from './decorators/cached-function.js';
export {
  cached,
  cachedFunction,
  configureCache,
  createCache,
  currentCache,
  invalidates,
} from './decorators/entry-points.js';
export type { Invalidates, InvalidatesDecorator } from './decorators/invalidates.js';
export type {
  AnyDecorator,
  AsyncDecorator,
  Cached,
  CacheHandle,
  CacheHandles,
  LocalOptions,
} from './decorators/types.js';
export type { LeaseOptions } from './engine/lease-limits.js';
export { registerKeyType } from './keys/key-types.js';
export type { Duration, DurationUnits } from './model/duration.js';
export {
  AtMostOnceError,
  type AtMostOnceKind,
  BackendError,
  CacheError,
  type CacheErrorCode,
  ConfigurationError,
  KeyError,
  SerializationError,
  UnscopedInstanceError,
} from './model/errors.js';
export { currentFence } from './model/fence.js';
export type { CachedOptions, KeySelector, Scope, TtlFunction } from './model/options.js';
export type { InvalidationOutcome, TierOutcome } from './model/outcome.js';
export { TTL } from './model/ttl-presets.js';
export type { SiteStats } from './observe/site-stats.js';
export type { LocalStats, SharedStats } from './observe/tier-stats.js';
export type {
  AtomicMode,
  AtomicStore,
  ClaimOutcome,
  ClaimRequest,
  CommitOutcome,
  Lease,
} from './ports/atomic-store.js';
export type { BackendContext } from './ports/backend-context.js';
export type { BackendPlugin, LocalBackendClass, SharedBackendClass } from './ports/backend-plugin.js';
export type { Clock } from './ports/clock.js';
export type { LocalBackend, LocalEntry, Removal } from './ports/local-backend.js';
export type {
  BypassReason,
  CacheEvents,
  DegradedReason,
  Failure,
  HealthChange,
  Observer,
} from './ports/observer.js';
export type { Serializer } from './ports/serializer.js';
export type { BackendHealth, SharedBackend } from './ports/shared-backend.js';
export type { SharedRecord, SharedWrite, Tombstone } from './ports/shared-record.js';
export {
  type CacheConfig,
  type CacheConfigs,
  defineCacheConfig,
  type LocalConfig,
  type SharedConfig,
} from './runtime/config.js';
export { configFromEnv } from './runtime/environment.js';
export { type Importer, loadKinds } from './runtime/load-kinds.js';
export type { ManualOptions } from './runtime/manual-store.js';
export type { CompressOption } from './serializers/compression.js';
export type { ProtectOption } from './serializers/protection.js';
export { registerValueClass, type ValueCodec } from './serializers/value-classes.js';
