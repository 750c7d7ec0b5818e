import { describe, expect, test } from '@jest/globals';
import { FakeClock, TestEntry } from '@recollect/testing';
import fc from 'fast-check';
import { ConfigurationError, SimpleCache, type SimpleCacheOptions } from 'recollect';
import { seed } from '../seed.js';
import { NaiveAdaptive, NaiveFifo, NaiveLru } from './naive-orders.js';
import { type Left, NaiveStore } from './naive-store.js';

type Eviction = NonNullable<SimpleCacheOptions['eviction']>;

/** Few keys are asked for often, as in life: else nothing is used twice before it goes. */
const key = fc.oneof(fc.constantFrom(...'abcd'), fc.constantFrom(...'abcdefghijklmnop'));
const threshold = fc.integer({ min: 1, max: 8 });
const maxBytes = fc.constantFrom(500, 1_000, 1_600, ...Array<number>(3).fill(Number.POSITIVE_INFINITY));
const set = fc.record({
  verb: fc.constant('set' as const),
  key,
  life: fc.constantFrom(5, 50, 1_000, 1_000, Number.POSITIVE_INFINITY),
  bytes: fc.constantFrom(0, 1, 10, 300),
});
const use = fc.record({ verb: fc.constantFrom('get' as const, 'touch' as const), key });
const other = fc.oneof(
  fc.record({ verb: fc.constantFrom('delete' as const, 'pin' as const, 'unpin' as const), key }),
  fc.record({ verb: fc.constant('resize' as const), threshold, maxBytes }),
  fc.record({ verb: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 20 }) }),
);
const operation = fc.oneof(
  { weight: 8, arbitrary: set },
  { weight: 10, arbitrary: use },
  { weight: 1, arbitrary: other },
);
type Operation = typeof operation extends fc.Arbitrary<infer One> ? One : never;

const ORDERS = { lru: NaiveLru, fifo: NaiveFifo, adaptive: NaiveAdaptive };

/** A cache and its model, which are told the same. */
class Pair {
  readonly clock = new FakeClock();
  readonly cache: SimpleCache;
  readonly model: NaiveStore;
  /** The last entry made for a key, whether it is held or has left. */
  readonly #last = new Map<string, TestEntry>();
  /** What has left in this step, as it said itself. */
  #heard: string[] = [];

  constructor(eviction: Eviction, threshold: number) {
    this.cache = new SimpleCache({ threshold, eviction }, { clock: this.clock, report: () => {} });
    const Order = ORDERS[eviction];
    const orders = { mortal: new Order(), immortal: new Order() };
    this.model = new NaiveStore(orders, threshold, Number.POSITIVE_INFINITY);
  }

  /** Does the same to both; @returns what they have come to, the model's in front. */
  step(operation: Operation): [unknown, unknown] {
    this.#heard = [];
    const expected = this.#run(operation).map(([entry, cause]) => `${entry.key} ${cause}`);
    const { cache, model } = this;
    const order = model.order();
    return [
      {
        left: expected.sort(),
        keys: [...model.held.keys()].sort(),
        bounded: [true, true],
        bytes: model.bytes,
        coldest: order,
        hottest: order.toReversed().slice(0, 3),
      },
      {
        left: this.#heard.sort(),
        keys: [...cache.keys()].sort(),
        bounded: [cache.size <= model.threshold, cache.bytes <= model.maxBytes],
        bytes: cache.bytes,
        coldest: cache.coldest(100),
        hottest: cache.hottest(3),
      },
    ];
  }

  #run(operation: Operation): readonly Left[] {
    const { cache, clock, model } = this;
    switch (operation.verb) {
      case 'set': {
        const entry = this.#make(operation.key, clock.now() + operation.life, operation.bytes);
        const left = model.set(entry);
        cache.set(entry);
        return left;
      }
      case 'get': {
        const { found, left } = model.get(operation.key, clock.now());
        expect(cache.get(operation.key)).toBe(found);
        return left;
      }
      case 'delete': {
        const left = model.delete(operation.key);
        expect(cache.delete(operation.key)).toBe(left.length > 0);
        return left;
      }
      case 'resize':
        return this.#resize(operation);
      default:
        this.#runQuietly(operation);
        return [];
    }
  }

  #runQuietly(operation: Exclude<Operation, { verb: 'set' | 'get' | 'delete' | 'resize' }>): void {
    const { cache, clock, model } = this;
    if (operation.verb === 'wait') clock.advance(operation.ms);
    else if (operation.verb === 'touch') {
      // Also those that have left: the index of a method may hold one for a moment.
      const entry = this.#last.get(operation.key);
      if (entry === undefined) return;
      if (model.held.get(entry.key) === entry) model.touch(entry);
      cache.touch?.(entry);
    } else {
      model.pin(operation.key, operation.verb === 'pin');
      cache[operation.verb](operation.key);
    }
  }

  #resize(bounds: { readonly threshold: number; readonly maxBytes: number }): readonly Left[] {
    const left = this.model.resize(bounds.threshold, bounds.maxBytes);
    if (left === undefined) expect(() => this.cache.resize(bounds)).toThrow(ConfigurationError);
    else this.cache.resize(bounds);
    return left ?? [];
  }

  #make(key: string, freshUntil: number, bytes: number): TestEntry {
    const entry = new TestEntry(key, freshUntil, bytes);
    entry.onRetire = (cause) => this.#heard.push(`${key} ${cause}`);
    this.#last.set(key, entry);
    return entry;
  }
}

describe.each(['lru', 'fifo', 'adaptive'] as const)('eviction: %s', (eviction) => {
  test(`is what its shortest form is (seed ${seed})`, () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 3, max: 8 }),
        fc.array(operation, { minLength: 20, maxLength: 150 }),
        (entries, steps) => {
          const pair = new Pair(eviction, entries);
          for (const one of steps) {
            const [model, cache] = pair.step(one);
            expect(cache).toEqual(model);
          }
        },
      ),
      { seed, numRuns: 100 },
    );
  });
});
