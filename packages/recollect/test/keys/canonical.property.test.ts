import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalArguments } from '../../src/keys/canonical.js';
import { randomFrom, seed } from '../seed.js';
import { argumentList, rebuilt } from './argument-pool.js';
import { documentedEqual } from './documented-equality.js';

const PAIRS = 1_000_000;
const LISTS = 4;
/** The lists themselves, their copies in another order, and near-duplicates. */
const POOL = LISTS * 4;
const RUNS = Math.ceil(PAIRS / ((POOL * (POOL - 1)) / 2));

test(`two argument lists share a text if and only if they are equal (seed ${seed})`, () => {
  let pairs = 0;
  let equalPairs = 0;
  fc.assert(
    fc.property(
      fc.array(argumentList, { minLength: LISTS, maxLength: LISTS }),
      fc.integer(),
      (lists, start) => {
        const random = randomFrom(start);
        const copies = lists.map((list) => rebuilt(list, 0, random));
        const near = lists.flatMap((list) => [rebuilt(list, 0.1, random), rebuilt(list, 0.3, random)]);
        const pool = [...lists, ...copies, ...near];
        const texts = pool.map((list) => canonicalArguments(list));
        for (let i = 0; i < pool.length; i++) {
          for (let j = 0; j < i; j++) {
            const equal = documentedEqual(pool[i] as unknown[], pool[j] as unknown[]);
            pairs++;
            if (equal) equalPairs++;
            if ((texts[i] === texts[j]) !== equal) {
              throw new Error(
                `${equal ? 'equal lists with texts' : 'unequal lists with text'} ${texts[i]} and ${texts[j]}`,
              );
            }
          }
        }
      },
    ),
    { seed, numRuns: RUNS },
  );
  console.info(`seed ${seed}: ${pairs} pairs, ${equalPairs} equal`);
  expect(pairs).toBeGreaterThanOrEqual(PAIRS);
  // Neither side of the "if and only if" may be left without cases.
  expect(equalPairs).toBeGreaterThan(PAIRS / 100);
  expect(pairs - equalPairs).toBeGreaterThan(PAIRS / 2);
}, 120_000);
