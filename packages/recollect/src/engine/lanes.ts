import { UnscopedInstanceError } from '../model/errors.js';
import type { Scope } from '../model/options.js';
import { Lane } from './lane.js';
import { Likeness } from './likeness.js';

/** Lanes remembered per site when a function names the scope; what falls out is found again by its keys. */
const MOST_SCOPES = 10_000;

/** What the lanes of one site need to know. */
export interface LanesOptions {
  readonly site: string;
  readonly scope: Scope;
  /** Nothing of the site leaves this process. */
  readonly localOnly: boolean;
  /** The prefix of the lane for one identity, given as text. */
  prefix(scope: string): string;
  /** The text of an identity named by a scope function. */
  canonical(identity: unknown): string;
  /** Called with the lane of an instance that has been collected. */
  collected(lane: Lane): void;
}

/** Finds the lane of a call by its `this`. */
export interface Lanes {
  /** True when `this` never matters: every call is on the same lane. */
  readonly single: boolean;
  /** True when one instance stays on one lane, so that the last one seen needs no second look. */
  readonly stable: boolean;
  /**
   * The lane of the instance.
   * @throws UnscopedInstanceError when the instance may not share entries with those seen before it.
   */
  of(self: unknown): Lane;
  /** The lane on which the instance's entries would be, alike or not: enough to remove them. */
  toDrop(self: unknown): Lane;
}

/** Chooses how identity is told, once per site. */
export function lanesFor(options: LanesOptions): Lanes {
  const { scope, localOnly } = options;
  if (typeof scope === 'function') return scopedLanes(options, scope);
  if (scope === 'class') return classLane(new Lane(options.prefix('')));
  return localOnly ? instanceLanes(options) : alikeLanes(options);
}

function classLane(lane: Lane): Lanes {
  return { single: true, stable: true, of: () => lane, toDrop: () => lane };
}

function scopedLanes(options: LanesOptions, scope: (self: unknown) => unknown): Lanes {
  const lanes = new Map<string, Lane>();
  const of = (self: unknown): Lane => {
    const identity = options.canonical(scope(self));
    let lane = lanes.get(identity);
    if (lane === undefined) {
      lane = new Lane(options.prefix(identity));
      lanes.set(identity, lane);
      if (lanes.size > MOST_SCOPES) lanes.delete(lanes.keys().next().value as string);
    }
    return lane;
  };
  // Not stable: the identity is asked for at each call, because an instance may change its tenant.
  return { single: false, stable: false, of, toDrop: of };
}

let instances = 0;

function instanceLanes(options: LanesOptions): Lanes {
  const lanes = new WeakMap<object, Lane>();
  const unbound = new Lane(options.prefix(''));
  const registry = new FinalizationRegistry<Lane>((lane) => options.collected(lane));
  const of = (self: unknown): Lane => {
    if (!isInstance(self)) return unbound;
    let lane = lanes.get(self);
    if (lane === undefined) {
      // A number, not the instance: keys must not keep it alive.
      instances += 1;
      lane = new Lane(options.prefix(`#${instances}`));
      lanes.set(self, lane);
      registry.register(self, lane);
    }
    return lane;
  };
  return { single: false, stable: true, of, toDrop: of };
}

function alikeLanes(options: LanesOptions): Lanes {
  const lane = new Lane(options.prefix(''));
  const likeness = new Likeness();
  return {
    single: false,
    stable: true,
    of(self) {
      const differences = isInstance(self) ? likeness.differences(self) : undefined;
      if (differences !== undefined) throw unscoped(options.site, differences);
      return lane;
    },
    toDrop: () => lane,
  };
}

function isInstance(self: unknown): self is object {
  return (typeof self === 'object' && self !== null) || typeof self === 'function';
}

function unscoped(site: string, differences: readonly string[]): UnscopedInstanceError {
  return new UnscopedInstanceError(
    `${site}: a second instance differs from the one before it in ${differences.join(', ')}, so their results may differ ` +
      `too. Say scope: (self) => identity, such as a tenant id, if the result depends on the instance, or scope: 'class' ` +
      `if it does not`,
  );
}
