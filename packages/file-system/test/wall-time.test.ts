import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { WallTime } from '../src/wall-time.js';

const seed = Date.now() % 2 ** 31;
console.info(`wall-time.test.ts: seed ${seed}`);

const TOLERANCE_MS = 1_000;

/** Lets time pass, sets the wall clock, writes a record, or looks at all of them. */
const event = fc.oneof(
  fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 0, max: 100_000 }) }),
  fc.record({ kind: fc.constant('set' as const), ms: fc.integer({ min: -1_000_000, max: 1_000_000 }) }),
  fc.record({ kind: fc.constant('write' as const), ms: fc.integer({ min: 1, max: 300_000 }) }),
  fc.record({ kind: fc.constant('look' as const), ms: fc.constant(0) }),
);

test('no record outlives its life in a process that lives, whatever is done to the wall clock', () => {
  const property = fc.property(fc.array(event, { maxLength: 60 }), (events) => {
    let monotonic = 5_000;
    let offset = 1_700_000_000_000;
    const time = new WallTime(
      () => monotonic + offset,
      () => monotonic,
    );
    const records: { born: number; ttlMs: number; writtenAt: number }[] = [];
    for (const { kind, ms } of events) {
      if (kind === 'pass') monotonic += ms;
      else if (kind === 'set') offset += ms;
      else if (kind === 'write') records.push({ born: monotonic, ttlMs: ms, writtenAt: time.now() });
      for (const { born, ttlMs, writtenAt } of records) {
        const left = time.left(writtenAt, writtenAt + ttlMs);
        const really = Math.max(0, born + ttlMs - monotonic);
        if (left > ttlMs || left > really + TOLERANCE_MS) throw new Error(`${left} ms left of ${really}`);
      }
    }
  });
  fc.assert(property, { seed, numRuns: 5_000 });
});

test('without anyone setting the clock every life is exact', () => {
  const property = fc.property(
    fc.array(fc.tuple(fc.nat(10_000), fc.integer({ min: 1, max: 50_000 })), { maxLength: 40 }),
    (steps) => {
      let monotonic = 0;
      const time = new WallTime(
        () => monotonic + 1_700_000_000_000,
        () => monotonic,
      );
      const records: { born: number; ttlMs: number; writtenAt: number }[] = [];
      for (const [pass, ttlMs] of steps) {
        monotonic += pass;
        records.push({ born: monotonic, ttlMs, writtenAt: time.now() });
        for (const each of records) {
          expect(time.left(each.writtenAt, each.writtenAt + each.ttlMs)).toBe(
            Math.max(0, each.born + each.ttlMs - monotonic),
          );
        }
      }
    },
  );
  fc.assert(property, { seed });
});
