import { describe, expect, test } from '@jest/globals';
import { canonicalArguments, canonicalValue } from '../../src/keys/canonical.js';
import { documentedEqual } from './documented-equality.js';

/** Arguments that must not share a key with any other of their table, by hazard. */
const DISTINCT: Record<string, readonly (readonly unknown[])[]> = {
  'type confusion (H25)': [
    ...[[], [null], [0], [-0], [1], ['1'], [1n], [true], ['true'], [Number.NaN], ['NaN'], ['0'], ['-0']],
    ...[
      [Number.POSITIVE_INFINITY],
      [Number.NEGATIVE_INFINITY],
      ['null'],
      ['undefined'],
      [''],
      [undefined, null],
    ],
    ...[[{}], [[]], [new Map()], [new Set()], [/x/], [/x/g], ['/x/'], [{ source: 'x' }], [/y/]],
    ...[
      [{ a: undefined }],
      [{ a: null }],
      [[undefined]],
      [[null]],
      [new Array(1)],
      [new Array(2)],
      [[undefined, undefined]],
    ],
    ...[[new Date(0)], [new Date(1)], [new Date(Number.NaN)], ['1970-01-01T00:00:00.000Z']],
    ...[
      [{ toJSON: 1 }],
      ['{"toJSON":1}'],
      [new Set([[]])],
      [new Set([{}])],
      [new Map([[1, 2]])],
      [new Map([['1', 2]])],
    ],
    ...[[new Set([1])], [new Set(['1'])], [[1]], [['1']], [new Map([[2, 1]])], [new Set([1, 2])]],
    ...[
      [new Set([{}, {}])],
      [
        new Map([
          [{}, 1],
          [{}, 2],
        ]),
      ],
      [
        new Map([
          [{}, 1],
          [{}, 1],
        ]),
      ],
      [new Map([[{}, 1]])],
    ],
    ...[[2n ** 63n], [-(2n ** 63n)], [2n ** 64n], [Number(2n ** 63n)], ['0x8000000000000000n'], [0x8000n]],
    ...[[Object.assign([1], { a: 1 })], [[1], { a: 1 }], [Object.assign(new Date(0), { a: 1 })]],
  ],
  'binary data (H25)': [
    ...[
      Int8Array,
      Uint8Array,
      Uint8ClampedArray,
      Int16Array,
      Uint16Array,
      Int32Array,
      Uint32Array,
      Float32Array,
    ].map((Kind) => [new Kind([1])]),
    ...[[new Float64Array([1])], [new BigInt64Array([1n])], [new BigUint64Array([1n])]],
    ...[
      [new Float64Array([0])],
      [new Float64Array([-0])],
      [new Float64Array([Number.NaN])],
      [new Float64Array(2)],
    ],
    ...[[new Uint8Array([1]).buffer], [new DataView(new Uint8Array([1]).buffer)], [[1]], ['01'], [{ 0: 1 }]],
    ...[
      [new Uint8Array(0)],
      [new ArrayBuffer(0)],
      [new DataView(new ArrayBuffer(0))],
      [new Uint8Array([1, 0])],
    ],
    [{ type: 'Buffer', data: [1] }],
  ],
  'delimiters inside strings (H26)': [
    ...[
      ['a:b', 'c'],
      ['a', 'b:c'],
      ['a', 'b', 'c'],
      ['a,b', 'c'],
      ['a', 'b,c'],
      ['a","b', 'c'],
      ['a","b","c'],
      ['"a","b","c"'],
    ],
    ...[
      ['{}'],
      ['{', '}'],
      ['*'],
      ['a*'],
      ['\0'],
      ['\\0'],
      ['\\u0000'],
      ['\r\n'],
      ['\\r\\n'],
      ['\n'],
      ['a\\'],
      ['a\\\\'],
    ],
    ...[
      [{ a: 1, b: 2 }],
      [{ 'a":1,"b': 2 }],
      [{ a: '1,"b":2' }],
      [{ a: '1', b: 2 }],
      [[['a'], 'b']],
      [[['a', 'b']]],
      [['a'], 'b'],
    ],
    ...[
      [new Set(['a', 'b'])],
      [new Set(['a,b'])],
      [new Set(['a","b'])],
      [new Map([['a', 'b']])],
      [new Map([['a":"b', '']])],
    ],
    ...[[/a","g/], [/a/g], ['RegExp("a","g")'], ['Date(0)'], ['_'], [[',']], [['', '']], ['~'], ['~~']],
    ...[
      [new URLSearchParams('a=1&b=2')],
      [new URLSearchParams('b=2&a=1')],
      [new URLSearchParams('a=1%26b%3D2')],
    ],
    ...[[new URL('http://a/?b')], [new URL('http://a/#b')], ['http://a/?b']],
  ],
  'order of arguments (H27)': [
    ['a', 'b'],
    ['b', 'a'],
    [['a', 'b']],
    [undefined, 'a'],
    ['a'],
    ['a', null],
    ['a', undefined, 'b'],
    [null, 'a'],
  ],
  'names on every prototype (H28)': [
    'constructor',
    'toString',
    '__proto__',
    'hasOwnProperty',
    'valueOf',
  ].flatMap((name) => [[name], [{ [name]: 1 }], [new Map([[name, 1]])], [new Set([name])], [{ a: name }]]),
  'unicode (H30)': [
    ...[
      ['\ud800'],
      ['\ud801'],
      ['\udc00'],
      ['\ud83d\ude00'],
      ['\ude00\ud83d'],
      ['\ufffd'],
      ['\\ud800'],
      ['"\\ud800"'],
    ],
    ...[
      ['\u00e9'],
      ['e\u0301'],
      ['\u2028'],
      ['\u2029'],
      ['\ufeff'],
      ['ß'],
      ['SS'],
      ['ss'],
      ['K'],
      ['\u212a'],
    ],
    ...[[{ '\ud800': 1 }], [{ '\ud801': 1 }]],
  ],
};

describe.each(Object.entries(DISTINCT))('%s', (_, lists) => {
  test('each list has a text of its own', () => {
    const texts = lists.map((list) => canonicalArguments(list));
    expect(texts.every((text) => typeof text === 'string')).toBe(true);
    const twice = texts.filter((text, i) => texts.indexOf(text) !== i);
    expect(twice).toEqual([]);
  });

  test('each text is well-formed Unicode without control characters, and no digest', () => {
    for (const list of lists) {
      const text = canonicalArguments(list) as string;
      expect(Buffer.from(text, 'utf8').toString('utf8')).toBe(text);
      expect([...text].filter((character) => character < ' ')).toEqual([]);
      expect(text.startsWith('~')).toBe(false);
    }
  });

  test('the documented equality agrees', () => {
    expect(lists.filter((a, i) => lists.some((b, j) => documentedEqual(a, b) !== (i === j)))).toEqual([]);
  });
});

test('a single value is written as it would be in a list, and undefined is a value', () => {
  for (const list of Object.values(DISTINCT).flat()) {
    if (list.length === 1) expect(canonicalValue(list[0])).toBe(canonicalArguments(list));
  }
  expect(canonicalValue(undefined)).toBe('undefined');
});
