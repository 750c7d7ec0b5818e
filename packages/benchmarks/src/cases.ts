import { createCache } from 'recollect';
import { measurePair, type PairResult, type Work } from './pair.js';

const KEYS = Array.from({ length: 1_000 }, (_, n) => `customer-${String(n).padStart(15, '0')}`);
const charge = (key: string): number => key.charCodeAt(key.length - 1);
const keyAt = (n: number): string => KEYS[n % KEYS.length] as string;

/** A case of the benchmark: what is compared with what, and what the issue asks of it. */
export interface Case {
  readonly name: string;
  readonly limit: string;
  readonly target: string;
  met(result: PairResult): boolean;
  run(): Promise<PairResult>;
}

function syncLoop(call: (key: string) => number): Work {
  return (iterations) => {
    let sum = 0;
    for (let n = 0; n < iterations; n += 1) sum += call(keyAt(n));
    return sum;
  };
}

function asyncLoop(call: (key: string) => Promise<number>): Work {
  return async (iterations) => {
    let sum = 0;
    for (let n = 0; n < iterations; n += 1) sum += await call(keyAt(n));
    return sum;
  };
}

/** What people write by hand: one map, no bound, no expiry. */
function memo<Result>(load: (key: string) => Result): (key: string) => Result {
  const known = new Map<string, Result>();
  return (key) => {
    let result = known.get(key);
    if (result === undefined) {
      result = load(key);
      known.set(key, result);
    }
    return result;
  };
}

const roomy = { local: { kind: 'SimpleCache', threshold: 10_000 } } as const;

export const CASES: readonly Case[] = [
  {
    name: 'sync hit, 1 string',
    limit: 'Map memo',
    target: '≤ 2.0 ×',
    met: ({ ratio }) => ratio <= 2,
    run() {
      const { cached } = createCache(roomy);
      class Customers {
        @cached({ hours: 1, localOnly: true, noSerialization: true })
        find(key: string): number {
          return charge(key);
        }
      }
      const customers = new Customers();
      return measurePair(
        syncLoop(memo(charge)),
        syncLoop((key) => customers.find(key)),
        1_000_000,
      );
    },
  },
  {
    name: 'async hit, 1 string, reference mode, awaited',
    limit: 'Map of settled promises',
    target: '≤ 1.5 ×',
    met: ({ ratio }) => ratio <= 1.5,
    run() {
      const { cached } = createCache(roomy);
      class Customers {
        @cached({ hours: 1, localOnly: true, noSerialization: true })
        async find(key: string): Promise<number> {
          return charge(key);
        }
      }
      const customers = new Customers();
      const limit = memo((key) => Promise.resolve(charge(key)));
      return measurePair(
        asyncLoop(limit),
        asyncLoop((key) => customers.find(key)),
        500_000,
      );
    },
  },
  {
    name: 'NullCache, sync method',
    limit: 'bare method',
    target: '≤ 100 ns more',
    met: ({ limitNs, oursNs }) => oursNs - limitNs <= 100,
    run() {
      const { cached } = createCache({ local: { kind: 'NullCache' } });
      class Bare {
        find(key: string): number {
          return charge(key);
        }
      }
      class Customers {
        @cached({ hours: 1, localOnly: true })
        find(key: string): number {
          return charge(key);
        }
      }
      const [bare, customers] = [new Bare(), new Customers()];
      return measurePair(
        syncLoop((key) => bare.find(key)),
        syncLoop((key) => customers.find(key)),
        1_000_000,
      );
    },
  },
];
