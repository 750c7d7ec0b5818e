import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalArguments } from '../../src/keys/canonical.js';
import { digestHex } from '../../src/keys/digest.js';
import { KeySpace } from '../../src/keys/key-space.js';
import { seed } from '../seed.js';

const LONG = 'x'.repeat(200);

/** Texts that try to be one another: with delimiters, escapes, digests and reserved words in them. */
const text = fc.oneof(
  fc.constantFrom(
    '',
    'a',
    'b',
    '$',
    '%',
    ':',
    '~',
    '%:',
    '$:',
    'a:',
    ':a',
    'a:b',
    '%0024',
    '%003a',
    '$:a',
    '%:a',
    '~~',
    '\ud800',
    '\ufffd',
  ),
  fc.constantFrom(
    LONG,
    `${LONG}y`,
    `~${digestHex(LONG)}`,
    digestHex(LONG),
    '\ud83d\ude00',
    '\0',
    '"a"',
    'users',
    'usersAbc',
  ),
  fc
    .array(fc.constantFrom('a', ':', '%', '$', '~', '0', '2', '4'), { maxLength: 4 })
    .map((units) => units.join('')),
);
const manualKey = text.filter((key) => key !== '');
const canonical = fc.array(text, { maxLength: 2 }).map((list) => canonicalArguments(list) as string);

interface Place {
  readonly name: readonly string[];
  readonly key: string;
}

const place: fc.Arbitrary<Place> = fc.oneof(
  fc.tuple(text, text, text, text, canonical).map(([namespace, site, version, scope, list]) => {
    const space = new KeySpace(namespace);
    return {
      name: [namespace, 'entry', site, version, scope, list],
      key: space.entry(space.lane(site, version, scope), list),
    };
  }),
  fc.tuple(text, manualKey).map(([namespace, key]) => ({
    name: [namespace, 'manual', key],
    key: new KeySpace(namespace).manual(key),
  })),
  fc.tuple(text, text).map(([namespace, site]) => ({
    name: [namespace, 'site version', site],
    key: new KeySpace(namespace).siteVersion(site),
  })),
  text.map((namespace) => ({
    name: [namespace, 'namespace version'],
    key: new KeySpace(namespace).namespaceVersion,
  })),
);

test(`two keys are the same only if they name the same (seed ${seed})`, () => {
  let same = 0;
  fc.assert(
    fc.property(fc.array(place, { minLength: 60, maxLength: 60 }), (places) => {
      const names = places.map(({ name }) => JSON.stringify(name));
      for (let i = 0; i < places.length; i++) {
        const { key, name } = places[i] as Place;
        // What does not survive the way to a shared tier could meet another key there.
        expectWellFormed(key);
        expectUnder(new KeySpace(name[0] as string).root, key);
        for (let j = 0; j < i; j++) {
          const equal = names[i] === names[j];
          if (equal) same++;
          if ((key === places[j]?.key) !== equal)
            throw new Error(`${names[i]} and ${names[j]}: ${key}, ${places[j]?.key}`);
        }
      }
    }),
    { seed, numRuns: 500 },
  );
  console.info(`seed ${seed}: ${(500 * 60 * 59) / 2} pairs, ${same} the same`);
  expect(same).toBeGreaterThan(1000);
}, 60_000);

test(`only the lane of an entry is a prefix of it (seed ${seed})`, () => {
  const lane = fc.tuple(text, text, text, text);
  fc.assert(
    fc.property(lane, lane, canonical, (one, other, list) => {
      const entry = keyOf(one, list);
      const prefix = keyOf(other, '');
      expect(entry.startsWith(prefix)).toBe(JSON.stringify(one) === JSON.stringify(other));
    }),
    { seed, numRuns: 20_000 },
  );
}, 60_000);

function keyOf(
  [namespace, site, version, scope]: readonly [string, string, string, string],
  list: string,
): string {
  const space = new KeySpace(namespace);
  return space.entry(space.lane(site, version, scope), list);
}

function expectWellFormed(key: string): void {
  if (/\p{Surrogate}/u.test(key)) throw new Error(`${JSON.stringify(key)} is not well-formed`);
}

function expectUnder(root: string, key: string): void {
  if (!key.startsWith(root)) throw new Error(`${key} is not under ${root}`);
}
