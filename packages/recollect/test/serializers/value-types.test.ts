import { describe, expect, test } from '@jest/globals';
import { jsonSerializer } from '../../src/serializers/json.js';
import { MAX_DEPTH } from '../../src/serializers/plain-walk.js';
import { SerializerSet } from '../../src/serializers/serializer-set.js';
import { takeSnapshot } from '../../src/serializers/snapshot.js';
import { superjsonSerializer } from '../../src/serializers/superjson.js';
import { difference } from './difference.js';

const set = new SerializerSet();

test.each([undefined, null, 0, -0, Number.NaN, '', false])(
  '%p comes back as it is from every path',
  (value) => {
    expect(Object.is(superjsonSerializer.decode(superjsonSerializer.encode(value)), value)).toBe(true);
    const { codec, data } = set.encode(value);
    expect(Object.is(set.decode(codec, data), value)).toBe(true);
    expect(Object.is(takeSnapshot(value, 'copy', set).take(), value)).toBe(true);
    expect(Object.is(takeSnapshot(value, 'copy', set, 'superjson').take(), value)).toBe(true);
  },
);

const shared = { name: 'shared' };
const cycle: Record<string, unknown> = { name: 'cycle' };
cycle.self = cycle;
cycle.map = new Map<unknown, unknown>([[cycle, [cycle]]]);
const failure: Error & { code?: string } = new TypeError('went wrong', {
  cause: new RangeError('below', { cause: cycle }),
});
failure.code = 'E_CODE';
const bare = new Error();
Reflect.deleteProperty(bare, 'stack');
const renamed = Object.assign(new Error('x'), { name: 'Renamed' });
const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
const memory = bytes.slice().buffer;

/** Values by what they are made of; what the codec must be is the second part. */
const VALUES: readonly (readonly [what: string, value: unknown, codec: 'json' | 'superjson'])[] = [
  ['[]', [], 'json'],
  ['{}', {}, 'json'],
  ['plain data', { a: [1, 'x', null, true, { 'b.c': '\ud800' }] }, 'json'],
  ['frozen plain data', Object.freeze({ a: Object.freeze([1]) }), 'json'],
  [
    'names of methods',
    { toString: 1, constructor: 'x', prototype: null, hasOwnProperty: [], valueOf: 0 },
    'json',
  ],
  ['undefined within', { a: undefined, b: [undefined, 1] }, 'superjson'],
  ['numbers without JSON', [-0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY], 'superjson'],
  ['bigints', { a: [0n, -(2n ** 200n)] }, 'superjson'],
  ['a date', new Date(1e12), 'superjson'],
  ['dates', [new Date(-1), new Date(8.64e15), new Date(-8.64e15), new Date(Number.NaN)], 'superjson'],
  [
    'a map',
    new Map<unknown, unknown>([
      [1, 'a'],
      ['1', 'b'],
      [null, new Map()],
      [Number.NaN, undefined],
    ]),
    'superjson',
  ],
  [
    'a map by objects',
    new Map([
      [new Date(1), { a: new Date(2) }],
      [new Date(1), { a: new Date(3) }],
    ]),
    'superjson',
  ],
  ['sets', new Set<unknown>([1, '1', undefined, new Set([new Date(0), new Date(0)]), ['x']]), 'superjson'],
  ['regular expressions', [/a\/b[/]c/dgimsuy, /^$/, /(?:)/, /\n\//], 'superjson'],
  ['a regular expression in use', Object.assign(/a/g, { lastIndex: 7 }), 'superjson'],
  ['an address', new URL('https://user:p%40ss@example.org:8080/päth?q=1&q=2#hash'), 'superjson'],
  ['a search', new URLSearchParams('a=1&a=2&b=%26'), 'superjson'],
  ['an error', failure, 'superjson'],
  ['an error without anything', bare, 'superjson'],
  ['an error with a name of its own', renamed, 'superjson'],
  ['errors together', new AggregateError([failure, new SyntaxError('y')], 'several'), 'superjson'],
  ['bytes', bytes, 'superjson'],
  ['no bytes', new Uint8Array(), 'superjson'],
  ['a Buffer', Buffer.from('text'), 'superjson'],
  ['memory', memory, 'superjson'],
  [
    'a part of memory',
    [new Uint16Array(memory, 2, 3), new DataView(memory, 1, 5), bytes.subarray(250)],
    'superjson',
  ],
  [
    'typed arrays',
    [
      new Float32Array([0.5, -0, Number.NaN]),
      new Float64Array([Math.PI]),
      new BigInt64Array([-1n]),
      new BigUint64Array([2n ** 64n - 1n]),
      new Int8Array([-1]),
      new Uint8ClampedArray([300]),
    ],
    'superjson',
  ],
  [
    'dictionaries',
    Object.assign(Object.create(null) as object, {
      a: Object.assign(Object.create(null) as object, { toString: 1 }),
    }),
    'superjson',
  ],
  [
    'names that superjson does not walk through',
    { constructor: { prototype: new Date(0) }, 'a.b': { '\\.': 1n } },
    'superjson',
  ],
  [
    'an object in two places',
    [shared, { again: shared }, new Set([shared]), new Map([[shared, shared]])],
    'superjson',
  ],
  [
    'a leaf in two places',
    ((date: Date, address: URL) => [date, date, { address }, [address, date]])(
      new Date(0),
      new URL('https://example.org'),
    ),
    'superjson',
  ],
  [
    'sets that share in another order',
    [new Set([shared, cycle]), new Set([cycle, shared]), shared],
    'superjson',
  ],
  ['a cycle', cycle, 'superjson'],
  ['a set within itself', ((one: Set<unknown>) => one.add(one))(new Set()), 'superjson'],
  [
    'an error that is its own cause',
    ((one: Error) => Object.assign(one, { cause: one }))(new Error('x')),
    'superjson',
  ],
];

describe.each(VALUES)('%s', (_what, value, codec) => {
  test(`is carried by ${codec}, exactly`, () => {
    const encoded = set.encode(value);
    expect(encoded.codec).toBe(codec);
    expect(difference(set.decode(encoded.codec, encoded.data), value)).toBe('');
    expect(difference(superjsonSerializer.decode(superjsonSerializer.encode(value)), value)).toBe('');
  });

  test('is the same from the local tier, anew for each taker', () => {
    const snapshot = takeSnapshot(value, 'copy', set);
    expect(difference(snapshot.take(), value)).toBe('');
    expect(snapshot.take()).not.toBe(snapshot.take());
  });
});

test('a decoded error is one, and its stack is that of where it was made', () => {
  const decoded = superjsonSerializer.decode(superjsonSerializer.encode(failure)) as typeof failure;
  expect(decoded).toBeInstanceOf(TypeError);
  expect(Object.prototype.toString.call(decoded)).toBe('[object Error]');
  expect(decoded.stack).toBe(failure.stack);
  expect(decoded.code).toBe('E_CODE');
  expect(Object.keys(decoded)).toEqual(['code']);
});

test('a part of a buffer brings nothing of the rest with it', () => {
  const secret = Buffer.from('secret value');
  const decoded = superjsonSerializer.decode(superjsonSerializer.encode(secret.subarray(7))) as Buffer;
  expect(Buffer.isBuffer(decoded)).toBe(true);
  expect(Buffer.from(decoded.buffer).toString()).toBe('value');
});

function nested(depth: number, wrap: (value: unknown) => unknown, core: unknown): unknown {
  let value = core;
  for (let level = 0; level < depth; level++) value = wrap(value);
  return value;
}

/** How to put a value into another, and how to get it out. */
const WRAPS: readonly (readonly [
  what: string,
  wrap: (value: unknown) => object,
  unwrap: (wrapped: never) => unknown,
])[] = [
  ['arrays', (value) => [value], ([value]: [unknown]) => value],
  ['objects', (value) => ({ value }), ({ value }: { value: unknown }) => value],
  ['maps', (value) => new Map([['value', value]]), (map: Map<string, unknown>) => map.get('value')],
  ['keys of maps', (value) => new Map([[value, 1]]), (map: Map<unknown, number>) => [...map.keys()][0]],
  ['sets', (value) => new Set([value]), (set: Set<unknown>) => [...set][0]],
  ['causes', (value) => new Error('x', { cause: value }), (error: Error) => error.cause],
  [
    'dictionaries',
    (value) => Object.assign(Object.create(null) as object, { value }),
    ({ value }: { value: unknown }) => value,
  ],
];

describe.each(WRAPS)('%s in one another', (_what, wrap, unwrap) => {
  // The core of a value is not an object, so there are as many levels as wraps.
  test.each(['x', undefined])(`are carried ${MAX_DEPTH} deep around %p`, (core) => {
    const value = nested(MAX_DEPTH, wrap, core);
    const { codec, data } = set.encode(value);
    let decoded = set.decode(codec, data);
    for (let level = 0; level < MAX_DEPTH; level++) {
      // One by one: a comparison of the whole would need more stack than there is.
      if (Object.getPrototypeOf(decoded) !== Object.getPrototypeOf(wrap(1)))
        throw new Error(`level ${level}`);
      decoded = unwrap(decoded as never);
    }
    expect(decoded).toBe(core);
  });

  test('are refused one level deeper, and much deeper, without overflowing the stack', () => {
    for (const depth of [MAX_DEPTH + 1, 100_000]) {
      const value = nested(depth, wrap, 'x');
      expect(() => set.encode(value)).toThrow(`is nested more than ${MAX_DEPTH} levels deep`);
      expect(jsonSerializer.accepts?.(value)).toBe(false);
      expect(() => takeSnapshot(value, 'copy', set)).toThrow('levels deep');
    }
  });
});
