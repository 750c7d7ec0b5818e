import type { LocalBackendKinds, SharedBackendKinds } from '../backends/kinds.js';
import type { LeaseOptions } from '../engine/lease-limits.js';
import type { Duration } from '../model/duration.js';
import type { BackendPlugin, LocalBackendClass, SharedBackendClass } from '../ports/backend-plugin.js';
import type { Clock } from '../ports/clock.js';
import type { LocalBackend } from '../ports/local-backend.js';
import type { Observer } from '../ports/observer.js';
import type { Serializer } from '../ports/serializer.js';
import type { SharedBackend } from '../ports/shared-backend.js';
import type { CompressOption } from '../serializers/compression.js';
import type { ProtectOption } from '../serializers/protection.js';

/** What every shared tier can be told beside the options of its backend. */
interface SharedTierConfig extends TierConfig {
  /**
   * How long an invalidation is remembered there. A method that takes longer than nine tenths of it does not store its result
   * in the shared tier, since nobody could tell whether it has been overtaken. Default one minute.
   */
  readonly tombstoneTtl?: Duration;
}

interface TierConfig {
  /** Life of entries whose site names none. Default five minutes. */
  readonly defaultTtl?: Duration;
}

type Named<Kinds> = { [Kind in keyof Kinds]: { readonly kind: Kind } & Kinds[Kind] }[keyof Kinds];
type Foreign<Class> = { readonly kind: Class | `${string}#${string}`; readonly [option: string]: unknown };

/** The local tier: a registered kind with its options, a class, a backend already built, or `module#Export`. */
export type LocalConfig = TierConfig & (Named<LocalBackendKinds> | Foreign<LocalBackendClass | LocalBackend>);

/** The shared tier: a registered kind with its options, a class, a backend already built, or `module#Export`. */
export type SharedConfig = SharedTierConfig &
  (Named<SharedBackendKinds> | Foreign<SharedBackendClass | SharedBackend>);

/** Everything about a runtime. Plain data but for the members from `use` on. */
export interface CacheConfig {
  /** First part of every key. Default `'recollect'`; say one per application. */
  readonly namespace?: string;
  /** Default `{ kind: 'SimpleCache' }`. */
  readonly local?: LocalConfig;
  /** Default: none. */
  readonly shared?: SharedConfig;
  /** How leases behave, for `atomicWrites` and `lease`. */
  readonly leases?: LeaseOptions;
  /** Compress values in the shared tier. Default false. */
  readonly compress?: CompressOption;
  /**
   * The most bytes that a value may take in the shared tier, encoded and before compression; larger ones are neither written
   * nor read there. Default 1,048,576.
   */
  readonly maxValueBytes?: number;
  /** Sign or encrypt values in the shared tier. Default: neither. */
  readonly protect?: ProtectOption;
  /** In production an instance whose identity is in doubt bypasses the cache instead of failing. Default: `NODE_ENV`. */
  readonly production?: boolean;
  /** Packages of backends whose kinds may be called by name. */
  readonly use?: readonly BackendPlugin[];
  /** Serializers that `serializer:` may name. */
  readonly serializers?: readonly Serializer[];
  readonly observer?: Observer;
  /** For tests. */
  readonly clock?: Clock;
}

/** One config per environment. */
export type CacheConfigs<Environment extends string> = { readonly [name in Environment]: CacheConfig };

/**
 * Configs per environment, checked by the compiler; give the chosen one to `configureCache`.
 *
 * @example configureCache(configs.production)
 */
export function defineCacheConfig<const Environment extends string>(
  configs: CacheConfigs<Environment>,
): CacheConfigs<Environment> {
  return configs;
}
