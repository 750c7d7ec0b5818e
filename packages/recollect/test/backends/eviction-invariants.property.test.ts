import { describe, expect, test } from '@jest/globals';
import { FakeClock, TestEntry } from '@recollect/testing';
import fc from 'fast-check';
import { SimpleCache } from 'recollect';
import { seed } from '../seed.js';
import { charge } from './naive-store.js';

const key = fc.integer({ min: 0, max: 120 }).map((number) => `k${number}`);
const set = fc.record({
  key,
  // Most of them mortal, or nothing would ever be the turn of an immortal one.
  immortal: fc.integer({ min: 0, max: 5 }).map((number) => number === 0),
  bytes: fc.integer({ min: 0, max: 400 }),
});
const steps = fc.array(fc.oneof({ weight: 2, arbitrary: set }, key), { minLength: 100, maxLength: 400 });

describe.each(['lru', 'fifo', 'adaptive'] as const)('eviction: %s', (eviction) => {
  test(`stays within bounds, spares the pinned, and the immortal while it can (seed ${seed})`, () => {
    fc.assert(
      fc.property(steps, fc.uniqueArray(key, { maxLength: 5 }), (operations, pins) => {
        const clock = new FakeClock();
        const options = { threshold: 40, maxBytes: 14_000, eviction };
        const cache = new SimpleCache(options, { clock, report: () => {} });
        for (const pinned of pins) cache.pin(pinned);
        const held = new Map<string, TestEntry>();
        // An entry forgets it when it is retired.
        const immortal = new Set<TestEntry>();
        for (const step of operations) {
          if (typeof step === 'string') {
            expect(cache.get(step)).toBe(held.get(step));
            continue;
          }
          const entry = new TestEntry(step.key, step.immortal ? Number.POSITIVE_INFINITY : 1e9, step.bytes);
          if (step.immortal) immortal.add(entry);
          const replaced = held.get(step.key);
          cache.set(entry);
          held.set(step.key, entry);
          const evicted = [...held.values()].filter(({ retired }) => retired.length > 0);
          for (const one of evicted) held.delete(one.key);
          const others = evicted.filter((one) => one !== entry);
          const bytes = [...held.values()].reduce((sum, one) => sum + charge(one), 0);
          const spared = [...held.values()].some(
            (one) => !immortal.has(one) && one !== entry && !pins.includes(one.key),
          );
          expect({
            causes: new Set(evicted.map(({ retired }) => retired.join())),
            replaced: replaced?.retired,
            pinned: others.filter((one) => pins.includes(one.key)),
            immortalBeforeMortal: spared && others.some((one) => immortal.has(one)),
            books: [cache.size, cache.bytes],
            within: [cache.size <= 40, cache.bytes <= 14_000],
          }).toEqual({
            causes: new Set(evicted.length > 0 ? ['evicted'] : []),
            replaced: replaced && ['replaced'],
            pinned: [],
            immortalBeforeMortal: false,
            books: [held.size, bytes],
            within: [true, true],
          });
        }
      }),
      { seed, numRuns: 30 },
    );
  });
});
