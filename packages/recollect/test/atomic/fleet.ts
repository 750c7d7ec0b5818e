import { ChaosSharedBackend, FakeClock, MemorySharedBackend } from '@recollect/testing';
import {
  type Cache,
  type CachedFunction,
  type CachedOptions,
  createCache,
  type LeaseOptions,
} from 'recollect';

/** What one process of a fleet has. */
export interface Member {
  readonly cache: Cache;
  readonly backend: ChaosSharedBackend;
  readonly read: CachedFunction<[key: string], Promise<unknown>>;
}

/** Processes on one store and one clock, all with the same cached function. */
export class Fleet {
  readonly clock = new FakeClock();
  /** What the function does, whichever process calls it. */
  load: (key: string) => Promise<unknown> = async () => 'value';
  /** How often it was started. */
  starts = 0;
  readonly records: MemorySharedBackend['records'] = new Map();
  readonly #options: CachedOptions & { readonly name: string };
  readonly #leases: LeaseOptions;

  constructor(options: CachedOptions, leases: LeaseOptions = {}) {
    this.#options = { name: 'read', hours: 1, ...options };
    this.#leases = { duration: 600, wait: 5_000, ...leases };
  }

  join(local: 'NullCache' | 'SimpleCache' = 'NullCache'): Member {
    const { clock, records } = this;
    const backend = new ChaosSharedBackend(new MemorySharedBackend({ records, clock, corrupt: 'heal' }));
    const cache = createCache({
      clock,
      local: { kind: local },
      shared: { kind: backend },
      leases: this.#leases,
      observer: { warning: () => {} },
    });
    const read = cache.cachedFunction(async (key: string) => {
      this.starts += 1;
      return this.load(key);
    }, this.#options);
    return { cache, backend, read };
  }
}

/** What a promise came to by now; `undefined` while it has come to nothing. */
export function outcome(promise: Promise<unknown>): { readonly now: () => unknown } {
  let settled: unknown;
  promise.then(
    (value) => {
      settled = { value };
    },
    (error: unknown) => {
      settled = { error };
    },
  );
  return { now: () => settled };
}
