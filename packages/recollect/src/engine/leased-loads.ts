import { AtMostOnceError, ConfigurationError } from '../model/errors.js';
import { type Flight, Flights } from '../resilience/flights.js';
import type { Binding } from './binding.js';
import type { Call } from './call.js';
import type { Committer, Landing, Parcel } from './committer.js';
import type { HeldLease } from './held-leases.js';
import type { Leasing } from './leasing.js';
import type { Loader } from './loader.js';
import type { SharedTier } from './shared-tier.js';
import { type Turn, Turns, WaitedInVainError } from './turns.js';

const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 2_000;

/** What loads under leases are made of. */
interface Parts {
  readonly binding: Binding;
  readonly leasing: Leasing;
  readonly shared: SharedTier;
  readonly committer: Committer;
  readonly loader: Loader;
  /** What one who joined a flight gets of it. */
  share(call: Call, flight: Flight, promise: Promise<unknown>): Promise<unknown>;
}

/**
 * Loads of methods with `atomicWrites`: one process of all runs the method, the others wait for its value. Where that cannot be had,
 * `at_least_once` runs the method without the right to store, and `at_most_once` does not run it.
 */
export class LeasedLoads {
  readonly #parts: Parts;
  readonly #turns: Turns;
  /** Runs without a lease, by those who could not wait: one per key for all of them. */
  readonly #alone = new Flights();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#turns = new Turns(parts.binding, parts.shared, parts.leasing);
  }

  /** Waits for the load of another caller of this process, `leases.wait` at most, if there is room for one more. */
  async join(call: Call, share: () => Promise<unknown>): Promise<unknown> {
    const { binding, leasing } = this.#parts;
    const { limits, waiters } = leasing;
    if (!waiters.enter(call.key))
      return this.#withoutTurn(call, 'contention', `${limits.maxWaiters} callers wait for it already`);
    let cancel = (): void => {};
    const late = new Promise<typeof LATE>((resolve) => {
      cancel = binding.clock.after(limits.waitMs, () => resolve(LATE));
    });
    try {
      const answer = await Promise.race([share(), late]);
      if (answer !== LATE) return answer;
    } finally {
      cancel();
      waiters.leave(call.key);
    }
    return this.#withoutTurn(call, 'indeterminate', `it has been running for ${limits.waitMs} ms`);
  }

  /** Waits for its turn and loads, or answers with what another process has loaded. */
  async load(call: Call, flight: Flight, refreshing: boolean): Promise<unknown> {
    const { binding, committer } = this.#parts;
    let turn: Turn;
    try {
      turn = await this.#turns.take(call.key, refreshing);
    } catch (error) {
      return this.#turnless(call, flight, error);
    }
    if (turn.kind === 'found') {
      binding.counters.sharedHits++;
      committer.promote(call, flight, turn.found);
      return turn.found.value;
    }
    return this.#lead(call, flight, refreshing, turn);
  }

  async #lead(
    call: Call,
    flight: Flight,
    refreshing: boolean,
    { lease, sighting }: Turn & { readonly kind: 'load' },
  ): Promise<unknown> {
    const { binding, leasing, loader } = this.#parts;
    const { flights, monitor } = binding;
    flight.leased = true;
    const held = leasing.held.hold(lease, leasing.store, leasing.limits, () => {
      monitor.degraded['lease-lost']++;
      flights.abandon(flight);
    });
    // Who changed an argument meanwhile is answered for what it is now, and that is not what was claimed.
    if (!call.sameKey()) {
      flights.stray(flight);
      this.#release(held);
      return this.#withoutTurn(call, 'unavailable', 'the arguments were changed after the call');
    }
    const run = { call, flight, refreshing, sighting, fence: lease.fence };
    let landing: Landing;
    try {
      landing = (await loader.run(run, (landed) => landed)) as Landing;
    } catch (error) {
      if (leasing.mode === 'at_most_once' && leasing.holdAfterError) held.end();
      else this.#release(held);
      throw error;
    }
    return this.#land(landing, held);
  }

  /** Stores the result before anybody gets it, so that who asks another process next finds it there. */
  async #land(landing: Landing, held: HeldLease): Promise<unknown> {
    const { binding, committer, leasing } = this.#parts;
    const { flight, value } = landing;
    const parcel = committer.pack(landing);
    if (parcel?.fill === undefined || held.lost) {
      this.#unstored(parcel, held);
      binding.flights.close(flight);
      return value;
    }
    try {
      const stored = await committer.settle(parcel, held.lease);
      held.end();
      if (stored) committer.keep(parcel);
      else return await this.#overtaken(landing, held);
    } catch (error) {
      committer.failed('write', error);
      committer.keep(parcel);
      if (leasing.mode === 'at_least_once') this.#release(held);
      else this.#settleLater(parcel, held);
    }
    binding.flights.close(flight);
    return value;
  }

  /** Nothing goes to the shared tier: the lease is gone, the result has no life, or it cannot travel. */
  #unstored(parcel: Parcel | undefined, held: HeldLease): void {
    const { committer, leasing } = this.#parts;
    if (parcel !== undefined && !held.lost) committer.keep(parcel);
    const epochIsOver = held.lost || parcel?.life.shared === 0;
    // What has run must not run again only because nobody can store what it returned.
    if (leasing.mode === 'at_most_once' && !epochIsOver) held.end();
    else this.#release(held);
  }

  /** The lease was broken or had run out: where a method runs at most once, what counts is what lies there now. */
  async #overtaken({ call, flight, value }: Landing, held: HeldLease): Promise<unknown> {
    const { binding, committer, leasing, shared } = this.#parts;
    const { counters, flights, monitor, policy, versionKeys } = binding;
    if (!flight.fenced) {
      counters.fenced++;
      monitor.degraded['lease-lost']++;
    }
    // An invalidation of the whole site leaves the claim where it is.
    this.#release(held);
    try {
      if (leasing.mode === 'at_least_once') return value;
      const [found] = await shared.find([call.key], { siteVersion: policy.version, versionKeys }, false);
      return found?.hit === true ? found.value : value;
    } catch (error) {
      committer.failed('read', error);
      return value;
    } finally {
      flights.close(flight);
    }
  }

  /** The method has run, and must be known to have: the lease is kept, and its result stored as soon as that can be. */
  #settleLater(parcel: Parcel, held: HeldLease): void {
    const { binding, committer } = this.#parts;
    const { background, clock } = binding;
    const retry = async (): Promise<void> => {
      for (let pauseMs = FIRST_RETRY_MS; !held.ended; pauseMs = Math.min(2 * pauseMs, LONGEST_RETRY_MS)) {
        await new Promise<void>((resolve) => void clock.after(pauseMs * (0.5 + Math.random() / 2), resolve));
        try {
          await committer.settle(parcel, held.lease);
          return;
        } catch {
          // Counted once, when it failed first.
        }
      }
    };
    // Who asks from now on asks the store: somebody may have declared the entry wrong there, and this process not heard of it.
    background.run(
      retry().finally(() => held.end()),
      (error) => committer.failed('write', error),
    );
  }

  /** There is no lease to be had. */
  #turnless(call: Call, flight: Flight, error: unknown): unknown {
    const { binding, committer, leasing, loader } = this.#parts;
    const { flights, monitor, name } = binding;
    const isLate = error instanceof WaitedInVainError;
    if (!isLate && !(error instanceof AtMostOnceError)) committer.failed('lease', error);
    if (leasing.mode === 'at_most_once') {
      flights.close(flight);
      throw refusal(name, error);
    }
    // Somebody's result is on its way; while nobody can be asked, each process may keep its own.
    if (isLate) {
      monitor.degraded['lease-unavailable']++;
      flight.fence();
    }
    if (!call.sameKey()) flights.stray(flight);
    return loader.run({ call, flight, refreshing: false, sighting: undefined }, (landing) => {
      committer.commit(landing);
      return landing.value;
    });
  }

  /** For one who does not wait (any longer). */
  #withoutTurn(call: Call, kind: AtMostOnceError['kind'], why: string): unknown {
    const { binding, committer, leasing, loader, share } = this.#parts;
    const { monitor, name } = binding;
    if (leasing.mode === 'at_most_once') throw new AtMostOnceError(kind, name, why);
    monitor.degraded['lease-unavailable']++;
    const running = this.#alone.at(call.key);
    if (running?.promise !== undefined) return share(call, running, running.promise);
    const flight = this.#alone.open(call.key, name);
    // Whoever holds the lease stores; this result is for those who ask meanwhile.
    flight.fence();
    const result = loader.run({ call, flight, refreshing: false, sighting: undefined }, (landing) => {
      committer.commit(landing);
      return landing.value;
    });
    flight.promise = Promise.resolve(result).finally(() => this.#alone.close(flight));
    return flight.promise;
  }

  #release(held: HeldLease): void {
    this.#parts.binding.background.run(held.release(), (error) =>
      this.#parts.committer.failed('lease', error),
    );
  }
}

const LATE = Symbol('late');

function refusal(site: string, error: unknown): unknown {
  if (error instanceof AtMostOnceError || error instanceof ConfigurationError) return error;
  if (error instanceof WaitedInVainError) return new AtMostOnceError('indeterminate', site, error.message);
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const kind = cause instanceof Error && cause.name === 'ContentionError' ? 'contention' : 'unavailable';
  const why = error instanceof Error ? error.message : String(error);
  return new AtMostOnceError(kind, site, `whether it was started cannot be known: ${why}`, { cause: error });
}
