import vm from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import { fidelityOf } from '../../src/serializers/fidelity.js';
import { SerializerSet } from '../../src/serializers/serializer-set.js';
import { takeSnapshot } from '../../src/serializers/snapshot.js';
import { difference } from './difference.js';

const set = new SerializerSet();
const run = (source: string): unknown => vm.runInNewContext(`(${source})`);
const here = (source: string): unknown => new Function(`return (${source})`)();

/** Expressions, evaluated once in another realm and once in this one. */
const SOURCES = [
  '{ a: [1, { b: null }], c: "x" }',
  '[[], {}]',
  '[undefined, { a: undefined }]',
  'new Date(5)',
  '[new Date(NaN), 1n, -0]',
  'new Map([[new Map(), new Set([new Date(1)])]])',
  'Object.assign(/a\\/b/gi, { lastIndex: 2 })',
  'Object.assign(Object.create(null), { a: 1 })',
  'new Uint8Array([1, 2, 255])',
  'new Float64Array([0.5, -0])',
  'new BigInt64Array([-1n])',
  'new Uint8Array([1, 2, 3]).buffer',
  'new DataView(new Uint8Array([1, 2, 3]).buffer, 1)',
  '((cycle) => { cycle.self = [cycle]; return cycle; })({})',
];

describe.each(SOURCES)('%s from another realm', (source) => {
  test('comes back as the same from this one', () => {
    const foreign = run(source);
    const { codec, data } = set.encode(foreign);
    expect(difference(set.decode(codec, data), here(source))).toBe('');
    expect(difference(takeSnapshot(foreign, 'copy', set).take(), here(source))).toBe('');
  });

  test('is judged as here', () => {
    expect(fidelityOf(run(source))).toBe(fidelityOf(here(source)));
  });
});

test('errors of another realm come back as errors of this one', () => {
  const foreign = run(
    'Object.assign(new RangeError("far", { cause: new Error("away") }), { code: 7 })',
  ) as Error;
  expect(foreign).not.toBeInstanceOf(Error);
  const decoded = set.decode('superjson', set.encode(foreign).data) as RangeError & {
    code: number;
    cause: Error;
  };
  expect(decoded).toBeInstanceOf(RangeError);
  expect([decoded.message, decoded.code, decoded.stack]).toEqual(['far', 7, foreign.stack]);
  expect(decoded.cause).toBeInstanceOf(Error);
});

test('subclasses and classes of another realm are refused like those of this one', () => {
  for (const source of [
    'new (class Stamp extends Date {})()',
    'new (class extends Map {})()',
    'new (class Account {})()',
    'new (class TypeError extends Error {})()',
    'Object.create({})',
    'Object.create(Map.prototype)',
  ]) {
    expect(() => set.encode(run(source))).toThrow('the value cannot be stored: value is');
  }
});
