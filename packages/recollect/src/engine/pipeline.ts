import { ConfigurationError } from '../model/errors.js';
import { isOneShot } from '../model/one-shot.js';
import { isThenable } from '../model/thenable.js';
import type { Flight } from '../resilience/flights.js';
import type { Binding } from './binding.js';
import type { Call } from './call.js';
import { Committer, type Landing } from './committer.js';
import { type Entry, UNREADABLE } from './entry.js';
import type { Found } from './shared-tier.js';

type Versions = readonly string[] | undefined;

/** A run of the method. */
type Run = Omit<Landing, 'value' | 'asynchronous'>;

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
    const { flights, local, state } = this.binding;
    const entry = local?.find(call.key, state.epoch);
    if (entry !== undefined) {
      if (call.lane !== undefined && local?.backend.touch !== undefined)
        entry.shelve({ index: call.lane.index, place: call.place });
      const answer = this.hit(entry);
      if (answer !== UNREADABLE) return answer;
    }
    const running = flights.at(call.key);
    if (running?.promise !== undefined) return this.#join(call, running, running.promise);
    return this.load(call);
  }

  /** What the entry has for a caller; one that cannot be read is dropped and answers `UNREADABLE`. */
  hit(entry: Entry): unknown {
    try {
      const answer = entry.deliver();
      this.binding.counters.localHits++;
      return answer;
    } catch (error) {
      this.#committer.failed('decode', error);
      this.binding.local?.drop(entry.key);
      return UNREADABLE;
    }
  }

  /** Opens a flight and runs it: past the shared tier, if there is one, to the method. A refresh looks nowhere first. */
  load(call: Call, refreshing = false): unknown {
    const { flights, name, shared } = this.binding;
    const flight = flights.open(call.key, name);
    const result =
      shared === undefined
        ? this.#run({ call, flight, refreshing, versions: undefined })
        : this.#viaShared(call, flight, refreshing);
    if (isThenable(result)) flight.promise = result as Promise<unknown>;
    return result;
  }

  #join(call: Call, flight: Flight, promise: Promise<unknown>): Promise<unknown> {
    this.binding.counters.joins++;
    const copied = (value: unknown): unknown => {
      if (flight.strayed) return this.resolve(call);
      if (flight.copy === undefined || this.binding.local?.backend.isolation === 'reference') return value;
      try {
        return flight.copy();
      } catch (error) {
        this.#committer.failed('decode', error);
        return value;
      }
    };
    return promise.then(copied, (error) => {
      if (flight.strayed) return this.resolve(call);
      throw error;
    });
  }

  async #viaShared(call: Call, flight: Flight, refreshing: boolean): Promise<unknown> {
    const { counters, flights } = this.binding;
    let versions: Versions;
    try {
      const found = await this.#lookUp(call, refreshing);
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
    // The method begins later than its caller thinks: who changed an argument meanwhile gets the answer for what it is now.
    if (!call.sameKey()) flights.stray(flight);
    return this.#run({ call, flight, refreshing, versions });
  }

  async #lookUp(call: Call, refreshing: boolean): Promise<Found> {
    const { policy, shared, versionKeys } = this.binding;
    if (shared === undefined) return { hit: false, versions: undefined };
    if (refreshing) return { hit: false, versions: await shared.versions(versionKeys) };
    const [found] = await shared.find([call.key], { siteVersion: policy.version, versionKeys });
    return found as Found;
  }

  /** Runs the method and stores what it returns; `versions` as they were before it began. */
  #run(run: Run): unknown {
    const { call, flight } = run;
    const { clock, counters, flights, monitor, name, state } = this.binding;
    const started = clock.now();
    counters.loads++;
    if (!run.refreshing) {
      counters.misses++;
      monitor.miss(name);
    }
    const failed = (error: unknown): never => {
      counters.loadErrors++;
      flights.close(flight);
      monitor.load(name, clock.now() - started, error);
      throw error;
    };
    const landed = (value: unknown, asynchronous: boolean): unknown => {
      this.#refuse(flight, value, asynchronous);
      state.asynchronous = asynchronous;
      monitor.load(name, clock.now() - started);
      if (!call.sameScope()) flights.stray(flight);
      this.#committer.commit({ ...run, value, asynchronous });
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
    const { flights, name, policy } = this.binding;
    const oneShot = isOneShot(value);
    // With or without a shared tier today: what runs in development must not fail in production.
    if (!oneShot && (asynchronous || policy.tiers === 'local')) return;
    flights.close(flight);
    throw new ConfigurationError(
      oneShot
        ? `${name}: the method returned an iterator or a stream, which its first reader uses up; accepted: values that can be read again`
        : `${name}: the method returned no promise, and localOnly is false; accepted: localOnly: true, or an async method`,
    );
  }
}
