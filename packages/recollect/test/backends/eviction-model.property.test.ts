import { describe, expect, test } from '@jest/globals';
import { FakeClock, TestEntry } from '@recollect/testing';
import fc from 'fast-check';
import { ConfigurationError, SimpleCache, type SimpleCacheOptions } from 'recollect';
import { seed } from '../seed.js';
import { NaiveAdaptive, NaiveFifo, NaiveLru } from './naive-orders.js';
import { charge, type Left, NaiveStore } from './naive-store.js';

type Eviction = NonNullable<SimpleCacheOptions['eviction']>;

const key = fc.constantFrom(...'abcdefghijklmnop');
const threshold = fc.integer({ min: 1, max: 8 });
const maxBytes = fc.constantFrom(250, 500, 1_000, 1_600, Number.POSITIVE_INFINITY);
const operation = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      verb: fc.constant('set' as const),
      key,
      life: fc.constantFrom(5, 50, 50, 1_000, Number.POSITIVE_INFINITY),
      bytes: fc.constantFrom(0, 1, 10, 300),
    }),
  },
  { weight: 12, arbitrary: fc.record({ verb: fc.constantFrom('get' as const, 'touch' as const), key }) },
  { weight: 2, arbitrary: fc.record({ verb: fc.constant('delete' as const), key }) },
  { weight: 1, arbitrary: fc.record({ verb: fc.constantFrom('pin' as const, 'unpin' as const), key }) },
  { weight: 1, arbitrary: fc.record({ verb: fc.constant('resize' as const), threshold, maxBytes }) },
  { weight: 2, arbitrary: fc.record({ verb: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 20 }) }) },
);
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

const ORDERS = { lru: NaiveLru, fifo: NaiveFifo, adaptive: NaiveAdaptive };

/** A cache and its model, which are told the same. */
class Pair {
  readonly clock = new FakeClock();
  readonly made: TestEntry[] = [];
  readonly cache: SimpleCache;
  readonly model: NaiveStore;
  /** What must have left so far, each entry once. */
  readonly left = new Map<TestEntry, string>();

  constructor(eviction: Eviction, threshold: number) {
    const context = { clock: this.clock, report: () => {} };
    this.cache = new SimpleCache({ threshold, eviction }, context);
    const Order = ORDERS[eviction];
    const orders = { mortal: new Order(), immortal: new Order() };
    this.model = new NaiveStore(orders, threshold, Number.POSITIVE_INFINITY);
  }

  run(step: Operation): void {
    const { cache, clock, model } = this;
    switch (step.verb) {
      case 'set': {
        const entry = new TestEntry(step.key, clock.now() + step.life, step.bytes);
        this.made.push(entry);
        this.expect(model.set(entry));
        return cache.set(entry);
      }
      case 'get': {
        const { found, left } = model.get(step.key, clock.now());
        this.expect(left);
        expect(cache.get(step.key)).toBe(found);
        return;
      }
      case 'touch': {
        // Also those that have left: the index of a method may hold one for a moment.
        const entry = this.made.findLast((one) => one.key === step.key);
        if (entry === undefined) return;
        if (model.held.get(entry.key) === entry) model.touch(entry);
        return cache.touch?.(entry);
      }
      case 'delete':
        this.expect(model.delete(step.key));
        return void cache.delete(step.key);
      case 'pin':
        model.pin(step.key, true);
        return cache.pin(step.key);
      case 'unpin':
        model.pin(step.key, false);
        return cache.unpin(step.key);
      case 'resize':
        return this.resize(step.threshold, step.maxBytes);
      case 'wait':
        return clock.advance(step.ms);
    }
  }

  resize(threshold: number, maxBytes: number): void {
    const left = this.model.resize(threshold, maxBytes);
    if (left === undefined)
      expect(() => this.cache.resize({ threshold, maxBytes })).toThrow(ConfigurationError);
    else {
      this.expect(left);
      this.cache.resize({ threshold, maxBytes });
    }
  }

  expect(left: readonly Left[]): void {
    for (const [entry, cause] of left) this.left.set(entry, cause);
  }

  check(): void {
    const { cache, model } = this;
    expect([...cache.keys()].sort()).toEqual([...model.held.keys()].sort());
    expect(cache.size).toBe(model.held.size);
    expect(cache.bytes).toBe(model.bytes);
    expect(cache.size).toBeLessThanOrEqual(model.threshold);
    expect(cache.bytes).toBeLessThanOrEqual(model.maxBytes);
    expect([...cache.coldest(100)]).toEqual(model.order());
    expect([...cache.hottest(3)]).toEqual(model.order().reverse().slice(0, 3));
    for (const entry of this.made)
      expect(entry.retired).toEqual(this.left.has(entry) ? [this.left.get(entry)] : []);
  }
}

describe.each(['lru', 'fifo', 'adaptive'] as const)('eviction: %s', (eviction) => {
  test(`is what its shortest form is (seed ${seed})`, () => {
    fc.assert(
      fc.property(threshold, fc.array(operation, { minLength: 20, maxLength: 300 }), (entries, steps) => {
        const pair = new Pair(eviction, entries);
        for (const step of steps) {
          pair.run(step);
          pair.check();
        }
      }),
      { seed, numRuns: 150 },
    );
  });

  test(`never evicts a pinned entry, nor an immortal one while there is a mortal (seed ${seed})`, () => {
    fc.assert(
      fc.property(fc.array(operation, { minLength: 50, maxLength: 300 }), (steps) => {
        const { cache, clock, made, run, ...rest } = new Pair(eviction, 5);
        void [run, rest];
        const pins = new Set<string>();
        for (const step of steps) {
          const before = made.filter(({ retired }) => retired.length === 0);
          if (step.verb === 'pin') pins.add(step.key);
          if (step.verb === 'unpin') pins.delete(step.key);
          void [cache, clock, before, charge];
        }
      }),
      { seed, numRuns: 50 },
    );
  });
});
