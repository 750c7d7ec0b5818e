import { toMilliseconds } from '../model/duration.js';
import type { Policy } from '../model/policy.js';

/** How long a result may live in each tier, in milliseconds; 0 means: do not store. */
export interface Lifetimes {
  readonly local: number;
  readonly shared: number;
}

const NOT_AT_ALL: Lifetimes = Object.freeze({ local: 0, shared: 0 });

/** The defaults of the tiers. */
interface Defaults {
  readonly local: number;
  readonly shared: number;
}

/** The lives of a result that was just loaded. Runs the site's own callbacks, which may throw. */
export function lifetimes(
  policy: Policy,
  defaults: Defaults,
  result: unknown,
  args: readonly unknown[],
): Lifetimes {
  if (policy.unless?.(result, args) === true) return NOT_AT_ALL;
  const ttl = lifeOfAbsence(policy, result) ?? ownLife(policy, result, args);
  return { local: Math.min(ttl ?? defaults.local, policy.localTtl), shared: ttl ?? defaults.shared };
}

/** How long a value found in the shared tier may live in the local one: never longer than it has left there. */
export function promotedLife(policy: Policy, localDefault: number, value: unknown, leftMs: number): number {
  const own = typeof policy.ttl === 'number' ? policy.ttl : localDefault;
  return Math.min(lifeOfAbsence(policy, value) ?? own, policy.localTtl, leftMs);
}

/** Asked first: a `ttl` function that expects a result never sees the lack of one. */
function lifeOfAbsence({ nullTtl }: Policy, value: unknown): number | undefined {
  return value === null || value === undefined ? nullTtl : undefined;
}

function ownLife({ name, ttl }: Policy, result: unknown, args: readonly unknown[]): number | undefined {
  return typeof ttl === 'function' ? toMilliseconds(ttl(result, args), `${name ?? 'ttl'}: ttl`) : ttl;
}
