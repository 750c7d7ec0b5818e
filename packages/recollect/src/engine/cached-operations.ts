import { ConfigurationError, KeyError } from '../model/errors.js';
import type { InvalidationOutcome } from '../model/outcome.js';
import { isThenable } from '../model/thenable.js';
import type { SiteStats } from '../observe/site-stats.js';
import type { Binding } from './binding.js';
import type { CachedResolver } from './cached-resolver.js';
import type { Call } from './call.js';
import { deposit } from './deposit.js';
import { failed } from './failed.js';
import { Invalidator } from './invalidator.js';
import type { Found } from './sighting.js';
import type { SiteOperations } from './site-operations.js';

/** The operations of a site that is cached somewhere. */
export class CachedOperations implements SiteOperations {
  readonly #invalidator: Invalidator;

  constructor(
    private readonly binding: Binding,
    private readonly resolver: CachedResolver,
  ) {
    this.#invalidator = new Invalidator(binding, () => resolver.renewLanes());
  }

  peek(self: unknown, args: readonly unknown[]): unknown {
    const { local, state } = this.binding;
    const call = this.resolver.identify(self, args);
    return call === undefined ? undefined : local?.find(call.key, state.epoch)?.value();
  }

  async has(self: unknown, args: readonly unknown[]): Promise<boolean> {
    return (await this.ttl(self, args)) !== undefined;
  }

  async ttl(self: unknown, args: readonly unknown[]): Promise<number | undefined> {
    const { local, state } = this.binding;
    const call = this.resolver.identify(self, args);
    if (call === undefined) return undefined;
    const here = local?.ttl(call.key, state.epoch);
    const there = await this.#inShared(call);
    if (there?.hit !== true) return here;
    return here === undefined ? there.ttlMs : Math.max(here, there.ttlMs);
  }

  key(self: unknown, args: readonly unknown[]): string | undefined {
    return this.resolver.identify(self, args)?.key;
  }

  async set(self: unknown, args: readonly unknown[], value: unknown): Promise<void> {
    const { flights, name, policy, state } = this.binding;
    const call = this.resolver.identify(self, args);
    if (call === undefined)
      throw new KeyError(`${this.binding.name}: the arguments are too large for a key`, 0);
    const asynchronous = state.asynchronous ?? isThenable(value);
    const lane = call.lane === undefined ? undefined : { index: call.lane.index, place: call.place };
    // Followed from here on: an invalidation while the value is awaited wins over it. What is here is stored as it is now.
    const watch = flights.watch(call.key, name);
    let settled = value;
    try {
      if (isThenable(value)) settled = await value;
    } finally {
      flights.unwatch(watch);
    }
    if (watch.fenced) return;
    await deposit(this.binding, { key: call.key, value: settled, args, shelf: lane, asynchronous, policy });
  }

  async resolve(self: unknown, args: readonly unknown[], value: unknown): Promise<void> {
    const { leasing, name } = this.binding;
    if (leasing?.mode !== 'at_most_once')
      throw new ConfigurationError(
        `${name}: resolve is for atomicWrites: 'at_most_once'; accepted: set, which stores a result as well`,
      );
    await this.set(self, args, value);
  }

  refresh(self: unknown, args: readonly unknown[]): unknown {
    const { leasing, name } = this.binding;
    if (leasing?.mode !== 'at_most_once') return this.resolver.refresh(self, args);
    const why = `${name}: refresh runs the method again, which atomicWrites: 'at_most_once' forbids; accepted: invalidate, then a call`;
    return Promise.reject(new ConfigurationError(why));
  }

  async invalidate(self: unknown, args: readonly unknown[]): Promise<InvalidationOutcome> {
    const call = this.resolver.identify(self, args, true);
    return call === undefined ? { local: 'none', shared: 'none' } : this.#invalidator.one(call.key);
  }

  invalidateAll(): Promise<InvalidationOutcome> {
    return this.#invalidator.all();
  }

  stats(): SiteStats {
    return this.binding.counters.snapshot();
  }

  async #inShared(call: Call): Promise<Found | undefined> {
    const { policy, shared, versionKeys } = this.binding;
    const [found] =
      (await shared?.find([call.key], { siteVersion: policy.version, versionKeys }, true)) ?? [];
    if (found?.hit === false && found.corrupt !== undefined) failed(this.binding, 'decode', found.corrupt);
    return found;
  }
}
