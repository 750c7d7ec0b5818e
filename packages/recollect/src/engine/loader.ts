import { ConfigurationError } from '../model/errors.js';
import { withFence } from '../model/fence.js';
import { isOneShot } from '../model/one-shot.js';
import { isThenable } from '../model/thenable.js';
import type { Flight } from '../resilience/flights.js';
import type { Binding } from './binding.js';
import type { Landing } from './committer.js';

/** A run of the method. */
export interface Run extends Omit<Landing, 'value' | 'asynchronous'> {
  readonly fence?: number | undefined;
}

/** Runs the method, counts the run, and refuses results that cannot be cached. */
export class Loader {
  constructor(private readonly binding: Binding) {}

  /** Returns what `landed` makes of the result: at once, or as a promise where the method promises. */
  run(run: Run, landed: (landing: Landing) => unknown): unknown {
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
    const succeeded = (value: unknown, asynchronous: boolean): unknown => {
      this.#refuse(flight, value, asynchronous);
      state.asynchronous = asynchronous;
      monitor.load(name, clock.now() - started);
      if (!call.sameScope()) flights.stray(flight);
      return landed({ ...run, value, asynchronous });
    };
    let result: unknown;
    try {
      result = withFence(run.fence, () => call.load());
    } catch (error) {
      return failed(error);
    }
    if (!isThenable(result)) return succeeded(result, false);
    return Promise.resolve(result).then((value) => succeeded(value, true), failed);
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
