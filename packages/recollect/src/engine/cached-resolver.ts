import type { Place } from '../keys/argument-index.js';
import { AtMostOnceError, UnscopedInstanceError } from '../model/errors.js';
import type { BypassReason } from '../ports/observer.js';
import type { Binding } from './binding.js';
import type { Call } from './call.js';
import { type Entry, UNREADABLE } from './entry.js';
import { canonicalForm, keyParts, placeOf } from './identify.js';
import type { Lane } from './lane.js';
import { type Lanes, lanesFor } from './lanes.js';
import { Pipeline } from './pipeline.js';
import type { HotParts, Resolver, Site } from './site.js';
import { SiteCall } from './site-call.js';

/** Answers a call by its identity: whose it is, with which arguments, under which key; then the pipeline takes it. */
export class CachedResolver implements Resolver {
  readonly pipeline: Pipeline;
  readonly #binding: Binding;
  readonly #site: Site;
  readonly #hot: HotParts | undefined;
  #lanes: Lanes;

  constructor(site: Site, binding: Binding) {
    this.#site = site;
    this.#binding = binding;
    this.pipeline = new Pipeline(binding);
    this.#lanes = this.#makeLanes();
    const touch = binding.local?.backend.touch;
    // Without `touch` every read must go through the backend; with a key selector arguments do not name the entry.
    if (touch !== undefined && binding.policy.key === undefined) {
      this.#hot = { clock: binding.clock, counters: binding.counters, touch };
    }
  }

  resolve(self: unknown, args: ArrayLike<unknown>): unknown {
    return this.#answer(self, args as readonly unknown[], false);
  }

  /** Runs the method, whatever is stored, and stores what it returns. */
  refresh(self: unknown, args: readonly unknown[]): unknown {
    return this.#answer(self, args, true);
  }

  /** The call with its key; `undefined` when its arguments are beyond the limits. May throw what identity throws. */
  identify(self: unknown, args: readonly unknown[], toDrop = false): Call | undefined {
    const lane = toDrop ? this.#lanes.toDrop(self) : this.#lanes.of(self);
    const parts = keyParts(this.#binding, args);
    const place = placeOf(this.#binding, parts);
    return place === undefined ? undefined : this.#call(self, args, parts, lane, place);
  }

  /** New lanes: nothing is found through the old ones any more. */
  renewLanes(): void {
    this.#site.conceal();
    this.#lanes = this.#makeLanes();
  }

  #answer(self: unknown, args: readonly unknown[], refreshing: boolean): unknown {
    try {
      return this.#resolve(self, args, refreshing);
    } catch (error) {
      // A method that promises is refused by a promise; its own synchronous errors pass as they are.
      if (error instanceof Refusal) return this.#refuse(error.cause, self, args);
      throw error;
    }
  }

  #resolve(self: unknown, args: readonly unknown[], refreshing: boolean): unknown {
    const identity = this.#identity(self, args);
    if (identity === undefined) return this.#bypass('uncacheable-arguments', self, args);
    const { lane, parts, place } = identity;
    if (this.#hot !== undefined && this.#lanes.stable)
      this.#site.expose(lane, self, this.#lanes.single, this.#hot);
    const entry: Entry | undefined = refreshing ? undefined : lane.index.get(place);
    if (entry !== undefined && entry.freshUntil > this.#binding.clock.now()) {
      this.#binding.local?.backend.touch?.(entry);
      const answer = this.pipeline.hit(entry);
      if (answer !== UNREADABLE) return answer;
    }
    const call = this.#call(self, args, parts, lane, place);
    if (call === undefined) return this.#bypass('uncacheable-arguments', self, args);
    return refreshing ? this.pipeline.load(call, true) : this.pipeline.resolve(call);
  }

  /** Everything that may refuse the call, so that a refusal can be told from an error of the method. */
  #identity(
    self: unknown,
    args: readonly unknown[],
  ): { lane: Lane; parts: readonly unknown[]; place: Place } | undefined {
    try {
      const lane = this.#lanes.of(self);
      const parts = keyParts(this.#binding, args);
      const place = placeOf(this.#binding, parts);
      return place === undefined ? undefined : { lane, parts, place };
    } catch (cause) {
      throw new Refusal('refused', { cause });
    }
  }

  #call(
    self: unknown,
    args: readonly unknown[],
    parts: readonly unknown[],
    lane: Lane,
    place: Place,
  ): Call | undefined {
    const canonical = typeof place === 'string' ? place : canonicalForm(this.#binding, parts);
    if (canonical === undefined) return undefined;
    const key = this.#binding.keys.entry(lane.prefix, canonical);
    return new SiteCall(this.#binding, this.#site.method, this.#lanes, self, args, lane, place, key);
  }

  #refuse(error: unknown, self: unknown, args: readonly unknown[]): unknown {
    const { monitor, production, state } = this.#binding;
    if (production && error instanceof UnscopedInstanceError) {
      monitor.warning(error.message);
      return this.#bypass('unscoped-instance', self, args);
    }
    if (state.asynchronous === true) return Promise.reject(error);
    throw error;
  }

  #bypass(reason: BypassReason, self: unknown, args: readonly unknown[]): unknown {
    const { counters, leasing, monitor, name } = this.#binding;
    counters.bypasses++;
    monitor.bypass(name, reason);
    if (leasing?.mode === 'at_most_once')
      return Promise.reject(new AtMostOnceError('unavailable', name, `it cannot be claimed: ${reason}`));
    return this.#site.method.apply(self, args as unknown[]);
  }

  #makeLanes(): Lanes {
    const { keys, local, name, policy } = this.#binding;
    return lanesFor({
      site: name,
      scope: policy.scope,
      localOnly: policy.tiers === 'local',
      prefix: (scope) => keys.lane(name, policy.version, scope),
      canonical: (identity) => {
        const text = canonicalForm(this.#binding, [identity]);
        if (text === undefined)
          throw new TypeError(`${name}: the value that scope returned is too large for a key`);
        return text;
      },
      collected: (lane) => {
        for (const entry of lane.index.entries()) local?.drop(entry.key);
      },
    });
  }
}

/** Carries an error that arose before the method was reached. */
class Refusal extends Error {}
