export type { BackendContext } from './ports/backend-context.js';
export type {
  BackendPlugin,
  LocalBackendClass,
  LocalBackendKinds,
  SharedBackendClass,
  SharedBackendKinds,
} from './ports/backend-kinds.js';
export type { Clock } from './ports/clock.js';
export type { LocalBackend, LocalEntry, Removal } from './ports/local-backend.js';
export type { BypassReason, Failure, Observer } from './ports/observer.js';
export type { Serializer } from './ports/serializer.js';
export type { SharedBackend, SharedRecord, SharedWrite } from './ports/shared-backend.js';
export type { Duration, DurationUnits } from './model/duration.js';
export { type CacheErrorCode, BackendError, CacheError, ConfigurationError, KeyError, SerializationError, UnscopedInstanceError } from './model/errors.js';
export { TTL } from './model/ttl-presets.js';
