class Point {
  constructor(
    readonly x: number,
    readonly y: number,
  ) {}
}

function twice(): unknown {
  const shared = { name: 'shared' };
  return [shared, { again: shared }];
}

function cycle(): unknown {
  const node: { name: string; self?: unknown } = { name: 'cycle' };
  node.self = node;
  return node;
}

function nested(depth: number): unknown {
  let value: unknown = 'core';
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { value };
  return value;
}

/** Values that people cache, and values that serializers get wrong. Made anew for each test. */
export const SERIALIZER_VALUES = {
  undefined: () => undefined,
  null: () => null,
  false: () => false,
  true: () => true,
  zero: () => 0,
  'minus zero': () => -0,
  NaN: () => Number.NaN,
  infinities: () => [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  'an empty string': () => '',
  'an empty array': () => [],
  'an empty object': () => ({}),
  numbers: () => [1, -1, 0.1, 1e21, Number.MAX_SAFE_INTEGER, Number.MIN_VALUE, Number.MAX_VALUE],
  strings: () => [
    'text',
    'e\u0301 \u65e5\u672c \u{1f600}',
    '"\\\n\r\t\0\u2028',
    '__proto__',
    '[object Object]',
  ],
  'lone surrogates': () => ['\ud800', 'x\udfff'],
  'falsy values in a list': () => [0, -0, '', false, null, undefined, Number.NaN],
  'a property that is undefined': () => ({ present: undefined, other: 1 }),
  'an array with holes': () => {
    const holes: unknown[] = [];
    holes[2] = 'x';
    return holes;
  },
  'a plain object': () => ({ id: 7, name: 'Ann', tags: ['a', 'b'], address: { city: 'Ulm' } }),
  'an own property named __proto__': (): unknown =>
    JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":1}}'),
  'a deep value': () => nested(200),
  'a long string': () => 'long '.repeat(200_000),
  bigints: () => [0n, -1n, 2n ** 80n],
  dates: () => [new Date(0), new Date('2024-02-29T12:34:56.789Z'), new Date(Number.NaN)],
  maps: () =>
    new Map<unknown, unknown>([
      ['a', 1],
      [2, new Map([['deep', undefined]])],
      [null, Number.NaN],
    ]),
  sets: () => new Set<unknown>([1, '1', null, undefined, new Set([0])]),
  'regular expressions': () => [/a\/b[c]/giu, /^$/],
  URLs: () => new URL('https://user@example.org:8080/path?q=1&q=2#hash'),
  errors: () => new Error('went wrong'),
  bytes: () => Uint8Array.from({ length: 256 }, (_, byte) => byte),
  'typed arrays': () => [new Float64Array([0.5, -0]), new Int16Array([-1, 2]), new BigInt64Array([-1n])],
  'a value in two places': twice,
  'a cycle': cycle,
  'an instance of a class': () => new Point(1, 2),
} satisfies Record<string, () => unknown>;

/** The name of a value of the contract. */
export type SerializerValue = keyof typeof SERIALIZER_VALUES;
