import { describe, expect, test } from '@jest/globals';
import { SuperJSON } from 'superjson';
import { superjsonSerializer } from '../../src/serializers/superjson.js';
import { difference } from './difference.js';

/** The package as it comes, which knows nothing of ours. */
const original = new SuperJSON();
const textOf = (data: Uint8Array): string => new TextDecoder().decode(data);

/** What superjson itself carries exactly: trees of its own types. */
const VALUES: readonly unknown[] = [
  undefined,
  1n,
  Number.NaN,
  [-0, Number.NEGATIVE_INFINITY],
  new Date(5),
  { a: { b: { c: new Date(5), d: [undefined, /x\/y/g] } }, plain: [1, { e: null }] },
  new Map<unknown, unknown>([
    [new Date(1), new Set([1n, { a: undefined }])],
    ['k', new Map()],
  ]),
  new Set([new URL('https://example.org/?q=1')]),
  { '': { ' ': new Date(0), 'é/!#[]~': undefined, '1': 2n } },
  { a: 1, b: 'x' },
];

describe.each(VALUES.map((value) => [value]))('%p', (value) => {
  test('is written to the letter as superjson writes it', () => {
    expect(textOf(superjsonSerializer.encode(value))).toBe(original.stringify(value));
  });

  test('is read by superjson, and read from it', () => {
    expect(difference(original.parse(textOf(superjsonSerializer.encode(value))), value)).toBe('');
    expect(
      difference(superjsonSerializer.decode(new TextEncoder().encode(original.stringify(value))), value),
    ).toBe('');
  });
});

/** Why the rest is not left to superjson: when one of these fails, it has learned what we do in its place. */
describe('superjson as it comes', () => {
  const carry = <Value>(value: Value): Value => original.parse(original.stringify(value));

  test('loses members of sets that share', () => {
    const [one, other] = [{ n: 1 }, { n: 2 }];
    expect(
      difference(carry([new Set([one, other]), one, other]), [new Set([one, other]), one, other]),
    ).not.toBe('');
  });

  test('loses the class of an error, its properties and its stack', () => {
    const decoded = carry(Object.assign(new TypeError('x'), { code: 'E' }));
    expect(decoded).not.toBeInstanceOf(TypeError);
    expect(decoded.code).toBeUndefined();
  });

  test('loses prototypes that are missing, holes, symbols and classes', () => {
    expect(Object.getPrototypeOf(carry(Object.create(null)))).not.toBeNull();
    expect(difference(carry(new Array(1)), new Array(1))).not.toBe('');
    expect(Reflect.ownKeys(carry({ [Symbol('s')]: 1 }))).toEqual([]);
    expect(difference(carry({ when: new (class extends Date {})(0) }).when, new Date(0))).toBe('');
  });

  test('refuses a Buffer, and names such as constructor', () => {
    expect(() => carry(Buffer.from('x'))).toThrow();
    expect(() => carry({ constructor: 1 })).toThrow();
  });
});

test('the global instance of superjson is left alone', () => {
  expect(SuperJSON.stringify(new Uint8Array([1]))).toBe(
    '{"json":[1],"meta":{"values":[["typed-array","Uint8Array"]],"v":1}}',
  );
});

test('bytes take four thirds of their size', () => {
  expect(superjsonSerializer.encode(new Uint8Array(30_000)).length).toBeLessThan(40_100);
});
