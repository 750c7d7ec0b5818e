import type { OperationKind } from '../history/history.js';
import type { SiteSpec } from '../history/site-spec.js';
import { seeded } from './seeded.js';

/** What a client does next, and how long it rests before. */
export interface Step {
  readonly kind: OperationKind;
  readonly site: string;
  readonly key: string;
  readonly restMs: number;
}

const MEAN_REST_MS = 20;

const WEIGHTS = { call: 93, invalidate: 6, invalidateAll: 0.2, resolve: 0.8 } as const;

/** Keys are few, so that epochs end while loads are under way. */
export function keysOf(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `k${index}`);
}

/** Endlessly what one client of one process does: the same for the same seed and label. */
export function* steps(
  seed: number,
  label: string,
  sites: readonly SiteSpec[],
  keys: readonly string[],
): Generator<Step, never, undefined> {
  const random = seeded(seed, `steps/${label}`);
  for (;;) {
    const site = random.pick(sites);
    const drawn = random.weighted(WEIGHTS);
    // Only there does it mean anything: elsewhere a value by hand is a write among others.
    const kind = drawn === 'resolve' && site.mode !== 'at_most_once' ? 'call' : drawn;
    const key = kind === 'invalidateAll' ? '*' : random.pick(keys);
    yield { kind, site: site.name, key, restMs: random.wait(MEAN_REST_MS) };
  }
}

/** How a load goes: mostly fast, sometimes longer than a lease could be left alone, rarely in vain. */
export interface LoadPlan {
  readonly ms: number;
  readonly fails: boolean;
  /** How many times its value repeats itself. */
  readonly length: number;
}

export function* loadPlans(seed: number, label: string): Generator<LoadPlan, never, undefined> {
  const random = seeded(seed, `loads/${label}`);
  for (;;) {
    const ms =
      random.weighted({ short: 85, long: 15 }) === 'short' ? random.whole(0, 25) : random.whole(50, 300);
    yield { ms, fails: random.fraction() < 0.03, length: random.whole(1, 40) };
  }
}
