import { expect, test } from '@jest/globals';
import { canonicalArguments } from '../../src/keys/canonical.js';

const protoKey = JSON.parse('{"__proto__":1,"a":2}') as object;
const sparse = Object.assign(new Array<unknown>(3), { 0: 1, 2: 3 });

test.each<[string, readonly unknown[], readonly unknown[]]>([
  ['missing and undefined at the end', [1], [1, undefined, undefined]],
  ['nothing and undefined', [], [undefined]],
  ['key order', [{ a: 1, b: { c: 2, d: 3 } }], [{ b: { d: 3, c: 2 }, a: 1 }]],
  [
    'more keys than are sorted by hand',
    [Object.fromEntries(range(40).map((i) => [`k${i}`, i]))],
    [
      Object.fromEntries(
        range(40)
          .reverse()
          .map((i) => [`k${i}`, i]),
      ),
    ],
  ],
  ['null prototype', [{ a: 1 }], [Object.assign(Object.create(null), { a: 1 })]],
  [
    'key __proto__',
    [protoKey],
    [Object.defineProperty({ a: 2 }, '__proto__', { value: 1, enumerable: true })],
  ],
  [
    'Map order',
    [
      new Map([
        [1, 'a'],
        [2, 'b'],
      ]),
    ],
    [
      new Map([
        [2, 'b'],
        [1, 'a'],
      ]),
    ],
  ],
  [
    'Map order with equal keys',
    [
      new Map([
        [{}, 'a'],
        [{}, 'b'],
      ]),
    ],
    [
      new Map([
        [{}, 'b'],
        [{}, 'a'],
      ]),
    ],
  ],
  ['Set order', [new Set<unknown>([1, '1', {}])], [new Set<unknown>([{}, '1', 1])]],
  ['NaN', [Number.NaN, [Number.NaN]], [Number.NaN, [Number.NaN]]],
  [
    'NaN of other bits',
    [new Float64Array([Number.NaN])],
    [new Float64Array(new Uint32Array([1, 0xfff80000]).buffer)],
  ],
  ['invalid dates', [new Date(Number.NaN)], [new Date('never')]],
  ['Buffer and Uint8Array', [Buffer.from([1, 255])], [new Uint8Array([1, 255])]],
  ['views of one length on other buffers', [new Uint8Array([9, 1, 2]).subarray(1)], [new Uint8Array([1, 2])]],
  [
    'DataView by its window',
    [new DataView(new Uint8Array([9, 1]).buffer, 1)],
    [new DataView(new Uint8Array([1]).buffer)],
  ],
  ['URL spelled differently', [new URL('HTTP://A:80/x/..')], [new URL('http://a/')]],
  ['regular expression in use', [/a/g], [Object.assign(/a/g, { lastIndex: 3 })]],
  ['shared and separate references', [shared({ a: 1 })], [[{ a: 1 }, { a: 1 }]]],
  [
    'getter and value',
    [
      {
        get a() {
          return 1;
        },
      },
    ],
    [{ a: 1 }],
  ],
  ['hidden property', [Object.defineProperty({ a: 1 }, 'b', { value: 2 })], [{ a: 1 }]],
  ['holes', [sparse], [sparse.slice()]],
  ['array-like list', Object.assign({ length: 2 }, ['a', 'b']), ['a', 'b']],
])('equal: %s', (_, a, b) => {
  expect(canonicalArguments(a)).toBeDefined();
  expect(canonicalArguments(a)).toBe(canonicalArguments(b));
});

test('toJSON neither forges nor hides anything', () => {
  const forged = Object.defineProperty({ a: 1 }, 'toJSON', { value: () => 'other' });
  expect(canonicalArguments([forged])).toBe(canonicalArguments([{ a: 1 }]));
  const plain = canonicalArguments([{ a: 1, toJSON: null }]);
  expect(plain).toBe('("a":1,"toJSON":null)');
});

test.each<[string, readonly unknown[], string]>([
  ['string and number', ['u1', 42], '"u1",42'],
  ['nothing', [], ''],
  ['each primitive', [true, null, undefined, 7n, -0, 0.1, Number.NaN], 'true,null,undefined,7n,-0,0.1,NaN'],
  ['object', [{ page: 1, filter: ['a', null] }], '("filter":["a",null],"page":1)'],
  ['hole', [sparse], '[1,_,3]'],
  ['date', [new Date(0)], 'Date(1970-01-01T00:00:00.000Z)'],
  [
    'map and set',
    [
      new Map([
        ['b', 1],
        ['a', 2],
      ]),
      new Set([2, 1]),
    ],
    'Map("a":2,"b":1),Set(1,2)',
  ],
  ['expression', [/a"b/gi], 'RegExp("a\\"b","gi")'],
  [
    'url',
    [new URL('http://a/?b=c'), new URLSearchParams('b=c')],
    'URL("http://a/?b=c"),URLSearchParams("b=c")',
  ],
  ['bytes', [Buffer.from([1, 255]), new Uint8Array([3]).buffer], 'Uint8Array(01ff),ArrayBuffer(03)'],
  ['clamped bytes', [new Uint8ClampedArray([1, 255])], 'Uint8ClampedArray(1,255)'],
  ['named property of a sparse array', [Object.assign(new Array(2), { a: 1 })], '[_,_]("a":1)'],
  ['numbers', [new Int16Array([1, -2]), new BigInt64Array([5n])], 'Int16Array(1,-2),BigInt64Array(5n)'],
  ['named property of an array', [Object.assign(['x'], { index: 0 })], '["x"]("index":0)'],
])('stays readable and stable from release to release: %s', (_, list, text) => {
  expect(canonicalArguments(list)).toBe(text);
});

test('a string is written as JSON writes it, whatever its length', () => {
  for (const unit of [
    'x',
    '"',
    '\\',
    '\n',
    '\0',
    '\u007f',
    '\u2028',
    '\ud800',
    '\udfff',
    '\ud83d\ude00',
    'é',
  ]) {
    for (const length of [0, 1, 31, 32, 33, 500]) {
      const text = 'x'.repeat(length) + unit;
      expect(canonicalArguments([text])).toBe(JSON.stringify(text));
    }
  }
});
function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}

function shared(value: unknown): unknown[] {
  return [value, value];
}
