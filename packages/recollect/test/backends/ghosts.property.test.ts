import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Ghosts, hashOf } from '../../src/backends/eviction/ghosts.js';
import { seed } from '../seed.js';

const hash = fc.integer({ min: 0, max: 30 });

test(`remembers the last eight in their order (seed ${seed})`, () => {
  const limit = fc.integer({ min: 1, max: 8 });
  fc.assert(
    fc.property(fc.array(fc.record({ hash, limit, add: fc.boolean() }), { maxLength: 200 }), (steps) => {
      const ghosts = new Ghosts();
      let known: { hash: number; at: number }[] = [];
      let count = 0;
      for (const step of steps) {
        const one = known.find((ghost) => ghost.hash === step.hash);
        known = known.filter((ghost) => ghost !== one);
        const age = one === undefined || count - one.at >= step.limit ? undefined : count - one.at;
        expect(ghosts.take(step.hash, step.limit)).toBe(age);
        if (!step.add) continue;
        ghosts.add(step.hash, step.limit);
        count += 1;
        known = [...known, { hash: step.hash, at: count }].slice(-8);
      }
    }),
    { seed, numRuns: 300 },
  );
});

test('remembers most of the last thousand, and nothing from before the last two thousand', () => {
  const ghosts = new Ghosts();
  const limit = 1_000;
  for (let n = 0; n < 5_000; n += 1) ghosts.add(hashOf(`key ${n}`), limit);
  const ages = Array.from({ length: 5_000 }, (_, n) => ghosts.take(hashOf(`key ${n}`), limit));
  expect(ages.slice(0, 4_000).every((age) => age === undefined)).toBe(true);
  const found = ages.slice(4_000).filter((age) => age !== undefined);
  expect(found.length).toBeGreaterThan(750);
  expect(ages.at(-1)).toBe(0);
  expect(found).toEqual(found.toSorted((a, b) => b - a));
});

test('hashes of keys that are nearly the same are small integers, and all different', () => {
  const keys = Array.from({ length: 20_000 }, (_, n) => `recollect:Customers.find::${n}`);
  const hashes = new Set(keys.map(hashOf));
  expect([...hashes].every((one) => Number.isInteger(one) && one >= 0 && one < 2 ** 27)).toBe(true);
  // Of so many at random one or two would fall together.
  expect(hashes.size).toBeGreaterThan(19_990);
  expect(hashOf('ab')).not.toBe(hashOf('ba'));
  expect(hashOf('\0')).not.toBe(hashOf(''));
});
