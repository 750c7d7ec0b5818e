import type { InvalidationOutcome } from '../model/outcome.js';
import type { SiteStats } from '../observe/site-stats.js';

/** What can be done with the entries of one site other than call the method. */
export interface SiteOperations {
  /** The value in the local tier, if there is one; asks nobody else and loads nothing. */
  peek(self: unknown, args: readonly unknown[]): unknown;
  /** Whether a call would be answered without running the method. */
  has(self: unknown, args: readonly unknown[]): Promise<boolean>;
  /** Milliseconds the entry has left, in the tier where it lives longest; `undefined` when there is none. */
  ttl(self: unknown, args: readonly unknown[]): Promise<number | undefined>;
  /** The complete key; `undefined` for arguments beyond the limits. */
  key(self: unknown, args: readonly unknown[]): string | undefined;
  /** Stores a result as if the method had returned it. Rejects when a tier cannot take it. */
  set(self: unknown, args: readonly unknown[], value: unknown): Promise<void>;
  /** Tells the result of a run that may happen at most once, and of which nobody knows what became. */
  resolve(self: unknown, args: readonly unknown[], value: unknown): Promise<void>;
  /** Runs the method now and stores what it returns; until then others are served the old entry. */
  refresh(self: unknown, args: readonly unknown[]): unknown;
  invalidate(self: unknown, args: readonly unknown[]): Promise<InvalidationOutcome>;
  invalidateAll(): Promise<InvalidationOutcome>;
  stats(): SiteStats;
}
