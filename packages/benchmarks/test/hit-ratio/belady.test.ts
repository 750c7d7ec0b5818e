import { expect, test } from '@jest/globals';
import { belady } from '../../src/hit-ratio/belady.js';
import { replay } from '../../src/hit-ratio/replay.js';
import { traceOf } from '../../src/hit-ratio/trace.js';
import { seeded } from '../../src/seeded.js';

const trace = (...accesses: number[]) => traceOf('test', accesses, () => []);

/** The most hits that any sequence of evictions gets: all of them are tried. */
function mostHits(accesses: readonly number[], size: number, held: readonly number[] = []): number {
  const [key, ...rest] = accesses;
  if (key === undefined) return 0;
  if (held.includes(key)) return 1 + mostHits(rest, size, held);
  const choices =
    held.length < size ? [[...held, key]] : held.map((out) => [...held.filter((one) => one !== out), key]);
  return Math.max(...choices.map((next) => mostHits(rest, size, next)));
}

test('the optimum is what trying everything finds', () => {
  const random = seeded(7);
  for (let round = 0; round < 200; round += 1) {
    const accesses = Array.from({ length: 12 }, () => Math.floor(random() * 5));
    for (const size of [1, 2, 3])
      expect(belady(trace(...accesses), size)).toBeCloseTo((100 * mostHits(accesses, size)) / 12);
  }
});

test('no policy exceeds the optimum, and all reach it where everything fits', () => {
  const random = seeded(8);
  const accesses = Array.from({ length: 5_000 }, () => Math.floor(100 * random() ** 3));
  for (const eviction of ['lru', 'fifo', 'adaptive'] as const) {
    expect(replay(trace(...accesses), 20, eviction)).toBeLessThan(belady(trace(...accesses), 20));
    expect(replay(trace(...accesses), 100, eviction)).toBe(belady(trace(...accesses), 100));
  }
});

test('the ratios of a trace by hand', () => {
  const accesses = trace(10, 20, 10, 30, 10, 20);
  expect(replay(accesses, 2, 'lru')).toBeCloseTo((100 * 2) / 6);
  expect(replay(accesses, 2, 'fifo')).toBeCloseTo((100 * 1) / 6);
  expect(belady(accesses, 2)).toBeCloseTo((100 * 2) / 6);
});
