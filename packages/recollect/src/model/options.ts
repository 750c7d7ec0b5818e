import type { AtomicMode } from '../ports/atomic-store.js';
import type { Duration, DurationUnits } from './duration.js';

/**
 * Whose entry it is. `auto` (default): one per instance for a local-only method; for a shared one, one for all instances
 * as long as they are provably alike. `instance`: one per instance, local-only. `class`: one for all, on your word.
 * A function names the identity, such as a tenant id.
 */
export type Scope<Self = unknown> = 'auto' | 'instance' | 'class' | ((self: Self) => unknown);

/** Which arguments matter: their positions from 0, or the parts computed from them. */
export type KeySelector<Args extends readonly unknown[]> =
  | readonly number[]
  | ((...args: Args) => readonly unknown[]);

/** A life computed from the result. */
export type TtlFunction<Args extends readonly unknown[], Result> = (result: Result, args: Args) => Duration;

/** How a method is cached. All times default to the tiers' `defaultTtl`. */
export interface CachedOptions<
  Args extends readonly unknown[] = readonly unknown[],
  Result = unknown,
  Self = unknown,
> extends DurationUnits {
  /**
   * Time to live, instead of unit words: 1 ms to 10 years, `0` to store nothing; or a function of the result. May end
   * late by one tick of the clock (64 ms), never early.
   */
  readonly ttl?: Duration | TtlFunction<Args, Result>;
  /** Only the tier in this process. Needed for a method that does not return a promise. Default false. */
  readonly localOnly?: boolean;
  /** Only the shared tier. Default false. */
  readonly sharedOnly?: boolean;
  /** Hold the reference itself instead of a copy; needs `localOnly`. Default false. */
  readonly noSerialization?: boolean;
  /**
   * Takes turns with other processes, so that of all of them one runs the method. `at_least_once`: always answers, and stores
   * no result that an invalidation has overtaken. `at_most_once`: never starts the method twice between two invalidations or
   * expiries; fails with `AtMostOnceError` where it cannot be known. Needs a shared tier with leases.
   */
  readonly atomicWrites?: AtomicMode;
  /** `at_most_once`: whether the method may run again after it failed (`retry`, default), or counts as started (`hold`). */
  readonly afterError?: 'retry' | 'hold';
  /** As `atomicWrites: 'at_least_once'`, for a method that is merely expensive: draws no fence numbers. Default false. */
  readonly lease?: boolean;
  /** The site's name in keys. Default `ClassName.method`. Needed where that cannot be known or looks minified. */
  readonly name?: string;
  /** Part of the key: raise it when the shape of the result changes. Default `''`. */
  readonly version?: string | number;
  readonly scope?: Scope<Self>;
  readonly key?: KeySelector<Args>;
  /** Do not store this result. */
  readonly unless?: (result: Result, args: Args) => boolean;
  /** Life of a `null` or `undefined` result, in both tiers. Default: as any other. */
  readonly nullTtl?: Duration;
  /** A shorter life in the local tier. */
  readonly local?: { readonly ttl?: Duration };
  /** Serializer by registered id. Default: JSON where it is exact, superjson elsewhere. */
  readonly serializer?: string;
}
