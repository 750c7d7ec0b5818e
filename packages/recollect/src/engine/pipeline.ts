import { ConfigurationError } from '../model/errors.js';
import { isOneShot } from '../model/one-shot.js';
import { isThenable } from '../model/thenable.js';
import type { Flight } from '../resilience/flights.js';
import { type Snapshot, takeSnapshot } from '../serializers/snapshot.js';
import type { Binding } from './binding.js';
import type { Call } from './call.js';
import type { Shelf } from './entry.js';
import { type Lifetimes, lifetimes, promotedLife } from './lifetimes.js';
import type { Found } from './shared-tier.js';

/**
 * The way of a call that the index could not answer: local tier, flight to join, shared tier, method, commit. Ordinary
 * code that returns what the method returns, a value or a promise; only the part that talks to the shared tier is async.
 */
export class Pipeline {
  constructor(private readonly binding: Binding) {}

  resolve(call: Call): unknown {
    const { counters, flights, local } = this.binding;
    const entry = local?.find(call.key, this.binding.state.epoch);
    if (entry !== undefined) {
      counters.localHits++;
      if (call.lane !== undefined && local?.backend.touch !== undefined)
        entry.shelve({ index: call.lane.index, place: call.place });
      return entry.deliver();
    }
    const running = flights.at(call.key);
    if (running?.promise !== undefined) return this.#join(running, running.promise);
    return this.load(call, this.binding.shared !== undefined);
  }

  /** Opens a flight and runs it: past the shared tier where one is asked, else straight to the method. */
  load(call: Call, askShared: boolean): unknown {
    const { counters, flights, name, shared } = this.binding;
    const flight = flights.open(call.key, name);
    let result: unknown;
    if (shared !== undefined) result = this.#viaShared(call, flight, askShared);
    else {
      counters.misses++;
      result = this.#run(call, flight, undefined);
    }
    if (isThenable(result)) flight.promise = result as Promise<unknown>;
    return result;
  }

  #join(flight: Flight, promise: Promise<unknown>): Promise<unknown> {
    this.binding.counters.joins++;
    if (this.binding.local?.backend.isolation === 'reference') return promise;
    flight.joiners++;
    return promise.then((value) => (flight.copy === undefined ? value : flight.copy()));
  }

  async #viaShared(call: Call, flight: Flight, askShared: boolean): Promise<unknown> {
    const { counters } = this.binding;
    let versions: readonly string[] | undefined;
    try {
      const found = await this.#lookUp(call, askShared);
      if (found.hit) {
        counters.sharedHits++;
        this.#promote(call, flight, found);
        return found.value;
      }
      versions = found.versions;
      if (found.corrupt !== undefined) this.#failed('decode', found.corrupt);
    } catch (error) {
      this.#failed('read', error);
    }
    counters.misses++;
    return this.#run(call, flight, versions);
  }

  async #lookUp(call: Call, askShared: boolean): Promise<Found> {
    const { policy, shared, versionKeys } = this.binding;
    if (shared === undefined) return { hit: false, versions: undefined };
    if (!askShared) return { hit: false, versions: await shared.versions(versionKeys) };
    const [found] = await shared.find([call.key], { siteVersion: policy.version, versionKeys });
    return found as Found;
  }

  #promote(call: Call, flight: Flight, found: Found & { hit: true }): void {
    const { flights, local, policy } = this.binding;
    try {
      const snapshot = this.#snapshot(found.value);
      if (flight.joiners > 0) flight.copy = () => snapshot.take();
      if (local !== undefined && !flight.fenced) {
        const life = promotedLife(policy, local.defaultTtl, found.value, found.ttlMs);
        local.store({
          key: call.key,
          snapshot,
          ttlMs: life,
          asynchronous: true,
          epoch: this.binding.state.epoch,
          shelf: this.#shelf(call),
        });
      }
    } catch (error) {
      this.#failed('encode', error);
    }
    flights.close(flight);
  }

  /** Runs the method and stores what it returns; `versions` as they were before it began. */
  #run(call: Call, flight: Flight, versions: readonly string[] | undefined): unknown {
    const { clock, counters, monitor, name } = this.binding;
    const started = clock.now();
    counters.loads++;
    monitor.miss(name);
    let result: unknown;
    try {
      result = call.load();
    } catch (error) {
      this.#loadFailed(flight, started, error);
      throw error;
    }
    if (!isThenable(result)) {
      this.#checkResult(flight, result, false);
      this.#loaded(call, flight, started, result, false, versions);
      return result;
    }
    return Promise.resolve(result).then(
      (value) => {
        this.#checkResult(flight, value, true);
        this.#loaded(call, flight, started, value, true, versions);
        return value;
      },
      (error) => {
        this.#loadFailed(flight, started, error);
        throw error;
      },
    );
  }

  #loadFailed(flight: Flight, started: number, error: unknown): void {
    const { clock, counters, flights, monitor, name } = this.binding;
    counters.loadErrors++;
    flights.close(flight);
    monitor.load(name, clock.now() - started, error);
  }

  /** Refuses what the types could not: the call fails, because to go on without a cache would hide the mistake. */
  #checkResult(flight: Flight, value: unknown, asynchronous: boolean): void {
    const { flights, name, shared } = this.binding;
    if (!isOneShot(value) && (asynchronous || shared === undefined)) return;
    flights.close(flight);
    throw new ConfigurationError(
      isOneShot(value)
        ? `${name}: the method returned an iterator or a stream, which its first reader uses up; accepted: values that can be read again`
        : `${name}: the method returned no promise, and localOnly is false; accepted: localOnly: true, or an async method`,
    );
  }

  #loaded(
    call: Call,
    flight: Flight,
    started: number,
    value: unknown,
    asynchronous: boolean,
    versions: readonly string[] | undefined,
  ): void {
    const { clock, flights, monitor, name } = this.binding;
    this.binding.state.asynchronous = asynchronous;
    monitor.load(name, clock.now() - started);
    let open = false;
    try {
      open = this.#commit(call, flight, value, asynchronous, versions);
    } catch (error) {
      this.#failed('encode', error);
    }
    if (!open) flights.close(flight);
  }

  /** Stores the value in both tiers. True when the flight ends itself, after its write to the shared tier. */
  #commit(
    call: Call,
    flight: Flight,
    value: unknown,
    asynchronous: boolean,
    versions: readonly string[] | undefined,
  ): boolean {
    const { counters, local, policy, shared } = this.binding;
    // Without a local tier late callers join the flight until its write has landed, or they would load again.
    const lingers = local === undefined && shared !== undefined;
    const wanted = flight.joiners > 0 || local !== undefined || lingers;
    const snapshot = wanted ? this.#snapshot(value) : undefined;
    if (snapshot !== undefined) flight.copy = () => snapshot.take();
    if (flight.fenced) {
      counters.fenced++;
      return false;
    }
    const life = lifetimes(policy, this.#defaults(), value, call.args);
    if (local !== undefined && snapshot !== undefined) {
      const { epoch } = this.binding.state;
      local.store({
        key: call.key,
        snapshot,
        ttlMs: life.local,
        asynchronous,
        epoch,
        shelf: this.#shelf(call),
      });
    }
    if (versions === undefined || life.shared === 0) return false;
    this.#writeBehind(call, flight, value, life, versions);
    return lingers;
  }

  #writeBehind(
    call: Call,
    flight: Flight,
    value: unknown,
    life: Lifetimes,
    versions: readonly string[],
  ): void {
    const { background, flights, policy, serializers, shared } = this.binding;
    // Encoded now: from the next moment on the value belongs to the caller, who may change it.
    const encoded = serializers.encode(value, policy.serializer);
    const fill = { key: call.key, encoded, ttlMs: life.shared, siteVersion: policy.version, versions };
    const written = shared?.write([fill], () => !flight.fenced) ?? Promise.resolve(true);
    background.run(
      written.finally(() => flights.close(flight)),
      (error) => this.#failed('write', error),
    );
  }

  #snapshot(value: unknown): Snapshot {
    const { local, policy, serializers } = this.binding;
    return takeSnapshot(value, local?.backend.isolation ?? 'copy', serializers, policy.serializer);
  }

  #shelf(call: Call): Shelf | undefined {
    return call.lane === undefined ? undefined : { index: call.lane.index, place: call.place };
  }

  #defaults(): Lifetimes {
    return { local: this.binding.local?.defaultTtl ?? 0, shared: this.binding.shared?.defaultTtl ?? 0 };
  }

  #failed(operation: 'read' | 'write' | 'decode' | 'encode', error: unknown): void {
    this.binding.counters.failures++;
    this.binding.monitor.failure({ operation, site: this.binding.name, error });
  }
}
