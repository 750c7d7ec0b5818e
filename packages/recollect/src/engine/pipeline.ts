import { ConfigurationError } from '../model/errors.js';
import { isOneShot } from '../model/one-shot.js';
import { isThenable } from '../model/thenable.js';
import type { Flight } from '../resilience/flights.js';
import type { Binding } from './binding.js';
import type { Call } from './call.js';
import { Committer } from './committer.js';
import type { Found } from './shared-tier.js';

type Versions = readonly string[] | undefined;

/**
 * The way of a call that the index could not answer: local tier, flight to join, shared tier, method, commit. Ordinary
 * code that returns what the method returns, a value or a promise; only the part that talks to the shared tier is async.
 */
export class Pipeline {
  readonly #committer: Committer;

  constructor(private readonly binding: Binding) {
    this.#committer = new Committer(binding);
  }

  resolve(call: Call): unknown {
    const { counters, flights, local, shared, state } = this.binding;
    const entry = local?.find(call.key, state.epoch);
    if (entry !== undefined) {
      counters.localHits++;
      if (call.lane !== undefined && local?.backend.touch !== undefined)
        entry.shelve({ index: call.lane.index, place: call.place });
      return entry.deliver();
    }
    const running = flights.at(call.key);
    if (running?.promise !== undefined) return this.#join(running, running.promise);
    return this.load(call, shared !== undefined);
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
    return promise.then((value) => (flight.copy === undefined ? value : flight.copy()));
  }

  async #viaShared(call: Call, flight: Flight, askShared: boolean): Promise<unknown> {
    const { counters } = this.binding;
    let versions: Versions;
    try {
      const found = await this.#lookUp(call, askShared);
      if (found.hit) {
        counters.sharedHits++;
        this.#committer.promote(call, flight, found);
        return found.value;
      }
      versions = found.versions;
      if (found.corrupt !== undefined) this.#committer.failed('decode', found.corrupt);
    } catch (error) {
      this.#committer.failed('read', error);
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

  /** Runs the method and stores what it returns; `versions` as they were before it began. */
  #run(call: Call, flight: Flight, versions: Versions): unknown {
    const { clock, counters, monitor, name } = this.binding;
    const started = clock.now();
    counters.loads++;
    monitor.miss(name);
    const failed = (error: unknown): never => {
      counters.loadErrors++;
      this.binding.flights.close(flight);
      monitor.load(name, clock.now() - started, error);
      throw error;
    };
    const landed = (value: unknown, asynchronous: boolean): unknown => {
      this.#refuse(flight, value, asynchronous);
      this.binding.state.asynchronous = asynchronous;
      monitor.load(name, clock.now() - started);
      this.#committer.commit({ call, flight, value, asynchronous, versions });
      return value;
    };
    let result: unknown;
    try {
      result = call.load();
    } catch (error) {
      return failed(error);
    }
    if (!isThenable(result)) return landed(result, false);
    return Promise.resolve(result).then((value) => landed(value, true), failed);
  }

  /** Refuses what the types could not: the call fails, because to go on without a cache would hide the mistake. */
  #refuse(flight: Flight, value: unknown, asynchronous: boolean): void {
    const { flights, name, shared } = this.binding;
    const oneShot = isOneShot(value);
    if (!oneShot && (asynchronous || shared === undefined)) return;
    flights.close(flight);
    throw new ConfigurationError(
      oneShot
        ? `${name}: the method returned an iterator or a stream, which its first reader uses up; accepted: values that can be read again`
        : `${name}: the method returned no promise, and localOnly is false; accepted: localOnly: true, or an async method`,
    );
  }
}
