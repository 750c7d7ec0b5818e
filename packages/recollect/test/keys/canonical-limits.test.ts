import { describe, expect, test } from '@jest/globals';
import { canonicalArguments, canonicalValue } from '../../src/keys/canonical.js';

describe('over the limits: the call is not cacheable (H29)', () => {
  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;
  const wide: Record<string, unknown> = {};
  for (let i = 0; i < 100; i++) wide[`k${i}`] = wide;
  const list: unknown[] = [];
  list.push([list]);
  const map = new Map<unknown, unknown>();
  map.set('a', new Set([map]));
  const text = 'x'.repeat(262_144);

  test.each<[string, unknown]>([
    ['200 000 arrays deep', nested(200_000, (inner) => [inner])],
    ['200 000 objects deep', nested(200_000, (inner) => ({ a: inner }))],
    ['200 000 maps deep', nested(200_000, (inner) => new Map([[inner, 1]]))],
    ['200 000 sets deep', nested(200_000, (inner) => new Set([inner]))],
    ['65 levels', nested(64, (inner) => [inner], [])],
    ['a cycle', cyclic],
    ['a cycle a hundred ways', wide],
    ['a cycle through arrays', list],
    ['a cycle through a map and a set', map],
    ['shared references that unfold to 2^40', nested(40, (inner) => [inner, inner])],
    ['an array of a billion holes', new Array(1_000_000_000)],
    ['100 001 elements', new Array(100_001).fill(0)],
    ['100 001 members of a set', new Set(Array.from({ length: 100_001 }, (_, i) => i))],
    ['50 001 entries of a map', new Map(Array.from({ length: 50_001 }, (_, i) => [i, i]))],
    ['100 001 properties', Object.fromEntries(Array.from({ length: 100_001 }, (_, i) => [i, 0]))],
    ['a long string', text],
    ['a long string inside', { a: [text] }],
    ['a string of control characters, six units each', '\0'.repeat(50_000)],
    ['a long name of a property', { [text]: 1 }],
    ['long together', [text.slice(0, 140_000), text.slice(0, 140_000)]],
    ['bytes', new Uint8Array(140_000)],
    ['a buffer', new ArrayBuffer(100_000_000)],
    ['wide elements', new Float64Array(140_000)],
    ['a huge bigint', 2n ** 10_000_000n],
    ['a huge bigint inside', [-(2n ** 10_000_000n)]],
    ['a url', new URL(`http://a/${text}`)],
    ['an endless getter', endless()],
    ['50 001 entries of a map, in little text', new Map(Array.from({ length: 50_001 }, () => [{}, 1]))],
  ])('%s', (_, value) => {
    expect(canonicalArguments([value])).toBeUndefined();
    expect(canonicalArguments(['before', value, 'after'])).toBeUndefined();
    expect(canonicalValue(value)).toBeUndefined();
  });

  test('arguments together', () => {
    expect(canonicalArguments([text.slice(0, 140_000), text.slice(0, 140_000)])).toBeUndefined();
    expect(canonicalArguments(new Array(100_001).fill(1))).toBeUndefined();
    expect(canonicalArguments([new Array(50_000).fill(0), new Array(50_001).fill(0)])).toBeUndefined();
  });

  test('just within', () => {
    expect(canonicalArguments([nested(63, (inner) => [inner], [])])).toBe('['.repeat(64) + ']'.repeat(64));
    expect(canonicalArguments([new Array(99_999).fill(0)])).toHaveLength(199_999);
    expect(canonicalArguments([text.slice(2)])).toHaveLength(262_144);
    expect(canonicalArguments([text.slice(1)])).toBeUndefined();
    expect(canonicalArguments([2n ** 1_000_000n])).toHaveLength(250_004);
  });

  test.each<[string, unknown]>([
    ['a bigint of 2^29 bits', 2n ** (2n ** 29n)],
    ['a hundred million elements', new Int8Array(100_000_000)],
    ['a hundred million bytes', new Uint8Array(100_000_000)],
    ['a string of half a gigabyte', 'x'.repeat(500_000_000)],
    ['an array of four billion holes', new Array(4_000_000_000)],
  ])('what is far over the limits is not gone through: %s', (_, value) => {
    // The best of several, because other work on the machine counts too. Going through any of them takes longer.
    const durations = Array.from({ length: 5 }, () => {
      const start = performance.now();
      expect(canonicalArguments([{ a: value }])).toBeUndefined();
      expect(canonicalArguments([value])).toBeUndefined();
      return performance.now() - start;
    });
    expect(Math.min(...durations)).toBeLessThan(150);
  });

  test('a cycle is found on the first way round, and nothing is read past a limit', () => {
    let reads = 0;
    const round: Record<string, unknown> = {};
    for (const name of ['a', 'b', 'c']) {
      Object.defineProperty(round, name, { enumerable: true, get: () => [++reads, round][1] });
    }
    expect(canonicalArguments([round])).toBeUndefined();
    expect(reads).toBe(1);
    const late = Object.defineProperty({}, 'a', { enumerable: true, get: () => reads++ });
    expect(canonicalArguments([[text.slice(0, 140_000), text.slice(0, 140_000), late]])).toBeUndefined();
    const numbers = Array.from({ length: 100_001 }, (_, i) => i);
    expect(canonicalArguments([new Set([late, ...numbers])])).toBeUndefined();
    expect(canonicalArguments([[late, ...numbers]])).toBeUndefined();
    expect(reads).toBe(1);
  });

  test('the order of properties does not decide whether the call is cacheable', () => {
    const parts = { a: text.slice(0, 100_000), b: text.slice(0, 100_000), c: text.slice(0, 62_000) };
    const { a, b, c } = parts;
    expect(canonicalArguments([{ c, b, a }])).toBe(canonicalArguments([parts]));
    expect(canonicalArguments([{ c: text, b, a }])).toBeUndefined();
    expect(canonicalArguments([{ a, b, c: text }])).toBeUndefined();
  });

  test('siblings that are the same object are no cycle, nor is a later argument', () => {
    const one = { a: 1 };
    expect(canonicalArguments([one, { one, other: one }, one])).toBe(
      '("a":1),("one":("a":1),"other":("a":1)),("a":1)',
    );
  });
});

function nested(levels: number, wrap: (inner: unknown) => unknown, core: unknown = 1): unknown {
  let value = core;
  for (let i = 0; i < levels; i++) value = wrap(value);
  return value;
}

function endless(): object {
  return {
    get a() {
      return endless();
    },
  };
}
