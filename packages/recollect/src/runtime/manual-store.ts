import { type Binding, SiteState } from '../engine/binding.js';
import type { Call } from '../engine/call.js';
import { depositAll } from '../engine/deposit.js';
import { failed } from '../engine/failed.js';
import { promotedLife } from '../engine/lifetimes.js';
import { Pipeline } from '../engine/pipeline.js';
import type { Found } from '../engine/sighting.js';
import { BackendError } from '../model/errors.js';
import type { CachedOptions } from '../model/options.js';
import { type Policy, resolvePolicy } from '../model/policy.js';
import { takeSnapshot } from '../serializers/snapshot.js';
import { MANUAL_SITE } from './manual-site.js';
import type { Runtime } from './runtime.js';

/** How a value stored by hand lives. */
export type ManualOptions = Omit<
  CachedOptions,
  | 'localOnly'
  | 'sharedOnly'
  | 'noSerialization'
  | 'name'
  | 'version'
  | 'scope'
  | 'key'
  | 'atomicWrites'
  | 'afterError'
  | 'lease'
>;

/** Values under keys of the caller's own choosing, with the same tiers, envelopes and fences as decorated methods. */
export class ManualStore {
  readonly #binding: Binding;
  readonly #runtime: Runtime;

  constructor(runtime: Runtime) {
    const { equipment, local, shared } = runtime;
    this.#runtime = runtime;
    this.#binding = {
      ...equipment,
      name: MANUAL_SITE,
      policy: resolvePolicy({}, 'cache'),
      local,
      shared,
      versionKeys: [equipment.keys.namespaceVersion],
      counters: runtime.manual,
      state: new SiteState(true),
      leasing: undefined,
    };
  }

  /** The values that are there, by key, with one round trip for all that are not local. */
  async find(keys: readonly string[]): Promise<Map<string, unknown>> {
    this.#requireOpen('get');
    const { counters, local, state } = this.#binding;
    const found = new Map<string, unknown>();
    const missing = new Map<string, string>();
    for (const key of keys) {
      const full = this.#full(key);
      const entry = local?.find(full, state.epoch);
      if (entry === undefined) missing.set(full, key);
      else found.set(key, entry.value());
    }
    counters.localHits += found.size;
    const there = await this.#findShared([...missing.keys()]);
    for (const [full, value] of there) found.set(missing.get(full) as string, value);
    counters.misses += missing.size - there.length;
    return found;
  }

  async set(entries: Iterable<readonly [string, unknown]>, options: ManualOptions): Promise<void> {
    this.#requireOpen('set');
    const policy = resolvePolicy(options, 'cache.set');
    const deposits = [...entries].map(([key, value]) => {
      const place = { key: this.#full(key), label: key, args: [key], shelf: undefined };
      return { ...place, value, policy, asynchronous: true };
    });
    if (deposits.length > 0) await depositAll(this.#binding, deposits);
  }

  /** True when there was one, in any tier. */
  async delete(key: string): Promise<boolean> {
    this.#requireOpen('delete');
    const { flights, local, shared, versionKeys } = this.#binding;
    const full = this.#full(key);
    const drop = (): boolean => {
      flights.fence(full);
      return local?.drop(full) ?? false;
    };
    const here = drop();
    if (shared === undefined) return here;
    const [there] = await shared.find([full], { siteVersion: '', versionKeys }, false);
    const removed = await shared.remove([full], false);
    drop();
    // Another release's record counts as well.
    return here || (removed && (there?.hit === true || there?.versions === undefined));
  }

  /** The value, or what `load` returns: one run for all who ask at the same time. */
  async getOrLoad(key: string, load: () => unknown, options: ManualOptions): Promise<unknown> {
    this.#requireOpen('getOrLoad');
    const policy: Policy = resolvePolicy(options, 'cache.getOrLoad');
    const call: Call = {
      args: [key],
      lane: undefined,
      place: key,
      key: this.#full(key),
      load: async () => load(),
      sameKey: () => true,
      sameScope: () => true,
    };
    return new Pipeline({ ...this.#binding, policy }).resolve(call);
  }

  /** Milliseconds left, in the tier where it lives longest. */
  async ttl(key: string): Promise<number | undefined> {
    this.#requireOpen('ttl');
    const { local, shared, state, versionKeys } = this.#binding;
    const full = this.#full(key);
    const here = local?.ttl(full, state.epoch);
    const [there] = (await shared?.find([full], { siteVersion: '', versionKeys }, true)) ?? [];
    if (there?.hit === false && there.corrupt !== undefined) failed(this.#binding, 'decode', there.corrupt);
    if (!there?.hit) return here;
    return Math.max(here ?? 0, there.ttlMs);
  }

  /** Readable keys that start with the prefix, each once. */
  async *keys(prefix: string): AsyncIterable<string> {
    this.#requireOpen('keys');
    const { keys, local, shared } = this.#binding;
    const full = keys.manualPrefix(prefix);
    const seen = new Set(local?.keys(full));
    for await (const key of shared?.standingKeys(full) ?? []) seen.add(key);
    for (const key of seen) {
      const own = keys.manualKeyOf(key);
      if (own !== undefined) yield own;
    }
  }

  /** Everything under the namespace, decorated or manual: at once for readers, then in memory. */
  async clear(): Promise<void> {
    this.#requireOpen('clear');
    const { keys, shared } = this.#binding;
    this.#runtime.clearLocal();
    if (shared !== undefined) {
      // The new id makes misses of everything at once, also of what is being written; the walk frees the memory.
      await shared.bump(keys.namespaceVersion);
      await shared.backend.clear(keys.root);
    }
    this.#runtime.clearLocal();
  }

  async #findShared(keys: readonly string[]): Promise<[string, unknown][]> {
    const { counters, flights, shared, versionKeys } = this.#binding;
    if (shared === undefined || keys.length === 0) return [];
    const watches = keys.map((key) => flights.watch(key, MANUAL_SITE));
    try {
      const found = await shared.find(
        keys,
        { siteVersion: '', versionKeys },
        this.#binding.local !== undefined,
      );
      return found.flatMap((one, at): [string, unknown][] => {
        const key = keys[at] as string;
        if (!one.hit) {
          if (one.corrupt !== undefined) {
            if (shared.backend.corrupt === 'raise') throw one.corrupt;
            failed(this.#binding, 'decode', one.corrupt);
          }
          return [];
        }
        counters.sharedHits++;
        if (watches[at]?.fenced === false) this.#promote(key, one);
        return [[key, one.value]];
      });
    } finally {
      for (const watch of watches) flights.unwatch(watch);
    }
  }

  #promote(key: string, found: Found & { hit: true }): void {
    const { local, policy, serializers, state } = this.#binding;
    if (local === undefined) return;
    try {
      const snapshot = takeSnapshot(found.value, local.backend.isolation, serializers);
      const ttlMs = promotedLife(policy, local.defaultTtl, found.value, found.ttlMs);
      local.store({ key, snapshot, ttlMs, asynchronous: true, epoch: state.epoch, shelf: undefined });
    } catch (error) {
      // The value is there, as asked for; that it cannot be kept here, too, is no reason to fail.
      failed(this.#binding, 'encode', error);
    }
  }

  #full(key: string): string {
    return this.#binding.keys.manual(key);
  }

  #requireOpen(operation: string): void {
    if (this.#runtime.closed) throw new BackendError('cache', operation, new Error('it is closed'));
  }
}
