import type { Removal } from './local-backend.js';

/** Why a call was answered by the method itself, with nothing stored. */
export type BypassReason = 'uncacheable-arguments' | 'unscoped-instance';

/** Where something failed that no caller was told about. */
export interface Failure {
  readonly operation: 'read' | 'write' | 'delete' | 'decode' | 'encode' | 'lease' | 'background';
  /** The site's name, where one is concerned. */
  readonly site?: string;
  /** `local` where it was the tier in this process. */
  readonly tier?: 'local';
  readonly error: unknown;
}

/**
 * Why something was done in another way than by the cache as it is configured. Every such decision is counted under
 * exactly one of these, each failure that no caller was told about among them.
 */
export type DegradedReason =
  | 'shared-read-failed'
  | 'shared-write-failed'
  | 'shared-delete-failed'
  | 'deadline'
  | 'overload'
  | 'breaker-open'
  | 'undecodable'
  | 'unencodable'
  | 'too-large'
  | 'callback-failed'
  | 'local-failed'
  | 'lease-unavailable'
  | 'lease-lost'
  | 'fill-refused'
  | 'invalidation-failed'
  | 'bypassed'
  | 'background';

/** The shared tier has become degraded, or has recovered. */
export interface HealthChange {
  readonly degraded: boolean;
  /** Why, in words. Empty when it has recovered. */
  readonly reasons: readonly string[];
}

/**
 * Eyes of the application on the cache. Every member is optional and called synchronously off the hit path; an
 * exception thrown by one is swallowed.
 */
export interface Observer {
  miss?(site: string): void;
  load?(site: string, ms: number, error?: unknown): void;
  bypass?(site: string, reason: BypassReason): void;
  remove?(cause: Removal): void;
  /** Degraded: the answer was right, but not by way of the cache. */
  failure?(failure: Failure, reason: DegradedReason): void;
  /** Heard once when the shared tier becomes degraded and once when it has recovered, that within a second. */
  degraded?(change: HealthChange): void;
  /** Something a developer should read once. */
  warning?(message: string): void;
}

/** In every message. */
interface About {
  /** That of the cache. */
  readonly namespace: string;
}

/**
 * What is published, frozen, on the channels of `node:diagnostics_channel` that are named by these members:
 * `recollect:miss` and so on. Each is what the observer's method of that name hears.
 */
export interface CacheEvents {
  readonly miss: About & { readonly site: string };
  readonly load: About & { readonly site: string; readonly ms: number; readonly error?: unknown };
  readonly bypass: About & { readonly site: string; readonly reason: BypassReason };
  readonly remove: About & { readonly cause: Removal };
  readonly failure: About & Failure & { readonly reason: DegradedReason };
  readonly degraded: About & HealthChange;
  readonly warning: About & { readonly message: string };
}
