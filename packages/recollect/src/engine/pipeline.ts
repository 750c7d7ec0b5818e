import { isThenable } from '../model/thenable.js';
import type { Flight } from '../resilience/flights.js';
import type { Binding } from './binding.js';
import type { Call } from './call.js';
import { Committer, type Landing } from './committer.js';
import { type Entry, UNREADABLE } from './entry.js';
import { LeasedLoads } from './leased-loads.js';
import { Loader, type Run } from './loader.js';
import type { SharedTier } from './shared-tier.js';
import type { Found, Sighting } from './sighting.js';

/**
 * The way of a call that the index could not answer: local tier, flight to join, shared tier, method, commit. Ordinary
 * code that returns what the method returns, a value or a promise; only the part that talks to the shared tier is async.
 */
export class Pipeline {
  readonly #committer: Committer;
  readonly #loader: Loader;
  readonly #leased: LeasedLoads | undefined;

  constructor(private readonly binding: Binding) {
    this.#committer = new Committer(binding);
    this.#loader = new Loader(binding);
    const { leasing, shared } = binding;
    if (leasing !== undefined && shared !== undefined)
      this.#leased = new LeasedLoads({
        binding,
        leasing,
        shared,
        committer: this.#committer,
        loader: this.#loader,
        share: (call, flight, promise) => this.#share(call, flight, promise),
      });
  }

  resolve(call: Call): unknown {
    const { counters, flights, local, state } = this.binding;
    const entry = local?.find(call.key, state.epoch);
    if (entry !== undefined) {
      if (call.lane !== undefined && local?.backend.touch !== undefined)
        entry.shelve({ index: call.lane.index, place: call.place });
      const answer = this.hit(entry);
      if (answer !== UNREADABLE) return answer;
    }
    const running = flights.at(call.key);
    if (running?.promise === undefined) return this.load(call);
    counters.joins++;
    const shared = () => this.#share(call, running, running.promise as Promise<unknown>);
    return this.#leased === undefined ? shared() : this.#leased.join(call, shared);
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
        ? this.#run({ call, flight, refreshing, sighting: undefined })
        : this.#leased === undefined
          ? this.#viaShared(call, flight, refreshing, shared)
          : this.#leased.load(call, flight, refreshing);
    if (isThenable(result)) flight.promise = result as Promise<unknown>;
    return result;
  }

  /** What one who joined the flight gets of it. */
  #share(call: Call, flight: Flight, promise: Promise<unknown>): Promise<unknown> {
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

  async #viaShared(call: Call, flight: Flight, refreshing: boolean, shared: SharedTier): Promise<unknown> {
    const { counters, flights, local, policy, versionKeys } = this.binding;
    let sighting: Sighting | undefined;
    try {
      const provenance = { siteVersion: policy.version, versionKeys };
      const [first] = await shared.find([call.key], provenance, local !== undefined);
      const found = first as Found;
      if (found.hit && !refreshing) {
        counters.sharedHits++;
        this.#committer.promote(call, flight, found);
        return found.value;
      }
      sighting = found;
      if (!found.hit && found.corrupt !== undefined) this.#committer.failed('decode', found.corrupt);
    } catch (error) {
      this.#committer.failed('read', error);
    }
    // The method begins later than its caller thinks: who changed an argument meanwhile gets the answer for what it is now.
    if (!call.sameKey()) flights.stray(flight);
    return this.#run({ call, flight, refreshing, sighting });
  }

  #run(run: Run): unknown {
    return this.#loader.run(run, (landing: Landing) => {
      this.#committer.commit(landing);
      return landing.value;
    });
  }
}
