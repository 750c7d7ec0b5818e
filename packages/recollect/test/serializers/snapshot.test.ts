import { describe, expect, test } from '@jest/globals';
import type { Serializer } from '../../src/ports/serializer.js';
import { fidelityOf, isPrimitive } from '../../src/serializers/fidelity.js';
import { copyPlain, plainBytes } from '../../src/serializers/plain-copy.js';
import { SerializerSet } from '../../src/serializers/serializer-set.js';
import { takeSnapshot } from '../../src/serializers/snapshot.js';
import { difference } from './difference.js';

/** JSON under another name, which makes something of its own of what it is given. */
const loud: Serializer = {
  id: 'loud',
  encode: (value) => new TextEncoder().encode(JSON.stringify(value)),
  decode: (data) => ({ loud: JSON.parse(new TextDecoder().decode(data)) as unknown }),
};
const set = new SerializerSet([loud]);

interface Order {
  lines: { sku: string; tags: string[] }[];
  when: Date | null;
}
const order = (when: Date | null): Order => ({
  lines: [
    { sku: 'a', tags: ['x'] },
    { sku: 'b', tags: [] },
  ],
  when,
});

describe.each([
  ['plain', null],
  ['rich', new Date(0)],
] as const)('a copy of a %s value', (_what, when) => {
  test('does not change with the original', () => {
    const value = order(when);
    const snapshot = takeSnapshot(value, 'copy', set);
    value.lines[0]?.tags.push('late');
    value.lines.pop();
    value.when?.setTime(5);
    expect(difference(snapshot.take(), order(when && new Date(0)))).toBe('');
  });

  test('does not change with what was taken', () => {
    const snapshot = takeSnapshot(order(when), 'copy', set);
    const taken = snapshot.take() as Order;
    taken.lines[0]?.tags.push('mine');
    taken.lines.length = 1;
    Object.assign(taken, { more: 1 });
    expect(difference(snapshot.take(), order(when))).toBe('');
  });

  test('is not shareable', () => {
    expect(takeSnapshot(order(when), 'copy', set).shareable).toBe(false);
  });

  test('knows its encoded form', () => {
    const value = order(when);
    const snapshot = takeSnapshot(value, 'copy', set);
    value.lines.pop();
    expect(snapshot.encoded).toEqual(set.encode(order(when)));
  });
});

test.each([undefined, null, 0, -0, Number.NaN, '', 'x', false, 1n])(
  '%p is kept as it is and may be shared',
  (value) => {
    const snapshot = takeSnapshot(value, 'copy', set, 'loud');
    expect(snapshot.shareable).toBe(true);
    expect(Object.is(snapshot.take(), value)).toBe(true);
    expect(snapshot.encoded).toBeUndefined();
  },
);

test.each<[string, unknown]>([
  ['an object', { a: 1 }],
  ['a function', () => 1],
  ['a class instance', new (class Own {})()],
  ['a promise', Promise.resolve(1)],
])('a reference to %s is the thing itself and costs nothing', (_what, value) => {
  const snapshot = takeSnapshot(value, 'reference', set);
  expect([snapshot.take(), snapshot.shareable, snapshot.bytes, snapshot.encoded]).toEqual([
    value,
    true,
    0,
    undefined,
  ]);
  expect(snapshot.take()).toBe(value);
});

test('a serializer of the application decides what the local tier gives back', () => {
  expect(takeSnapshot({ a: 1 }, 'copy', set, 'loud').take()).toEqual({ loud: { a: 1 } });
  expect(takeSnapshot({ a: 1 }, 'copy', set, 'superjson').take()).toEqual({ a: 1 });
  expect(takeSnapshot({ a: 1 }, 'copy', set, 'json').take()).toEqual({ a: 1 });
  expect(() => takeSnapshot({ a: 1n }, 'copy', set, 'json')).toThrow(
    'JSON cannot carry the value: value.a is a bigint',
  );
  expect(() => takeSnapshot({ a: 1 }, 'copy', set, 'none')).toThrow('it accepts json, superjson, loud');
});

test('an encoded copy takes its bytes, a plain one about what it takes in memory', () => {
  const when = takeSnapshot(new Date(0), 'copy', set);
  expect(when.bytes).toBe(set.encode(new Date(0)).data.length);
  expect(takeSnapshot('x'.repeat(100), 'copy', set).bytes).toBe(216);
  expect(takeSnapshot(1, 'copy', set).bytes).toBe(8);
  // Two objects, an array, five slots, and the texts 'a' and 'bc'.
  expect(takeSnapshot({ one: 'a', two: [1, true], three: { four: 'bc' } }, 'copy', set).bytes).toBe(
    3 * 24 + 6 * 8 + 18 + 20,
  );
  const rows = Array.from({ length: 1000 }, (_, id) => ({ id, name: `row number ${id}` }));
  const { bytes } = takeSnapshot(rows, 'copy', set);
  expect(bytes).toBe(plainBytes(rows));
  expect(bytes).toBeGreaterThan(JSON.stringify(rows).length);
});

test('a copy has nothing in common with the original, at any size', () => {
  const value = {
    list: Array.from({ length: 50 }, (_, i) => [{ i }, []]),
    byName: Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`key ${i}`, { i }])),
  };
  const copy = copyPlain(value);
  expect(difference(copy, value)).toBe('');
  expect(copy.list[3]?.[0]).not.toBe(value.list[3]?.[0]);
  expect(copy.list[3]?.[1]).not.toBe(value.list[3]?.[1]);
  expect(copy.byName['key 7']).not.toBe(value.byName['key 7']);
});

test.each<[unknown, ReturnType<typeof fidelityOf>]>([
  [undefined, 'primitive'],
  [null, 'primitive'],
  [Number.NaN, 'primitive'],
  [1n, 'primitive'],
  ['x', 'primitive'],
  [[], 'json'],
  [{ a: [1, { b: 'c' }] }, 'json'],
  [[1n], 'rich'],
  [{ a: undefined }, 'rich'],
  [new Date(0), 'rich'],
  [[-0], 'rich'],
])('the fidelity of %p is %s', (value, fidelity) => {
  expect(fidelityOf(value)).toBe(fidelity);
  expect(isPrimitive(value)).toBe(fidelity === 'primitive');
});

test('the fidelity of what nobody can carry is a refusal', () => {
  expect(() => fidelityOf(Symbol('s'))).toThrow('value is a symbol');
  expect(() => fidelityOf({ a: new Date(0), b: [() => 1] })).toThrow('value.b[0] is a function');
});
