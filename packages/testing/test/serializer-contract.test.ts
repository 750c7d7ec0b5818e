import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { type SerializerContractOptions, serializerContract } from '@recollect/testing';
import type { Serializer } from 'recollect';
import { record } from './recording-runner.js';

const toText = (data: Uint8Array) => new TextDecoder('utf-8', { fatal: true }).decode(data);
const toBytes = (text: string) => new TextEncoder().encode(text);

/** JSON that refuses what would come back changed. */
const honestJson = (): Serializer => ({
  id: 'honest-json',
  encode: (value) => {
    const text = JSON.stringify(value);
    if (text === undefined || !isDeepStrictEqual(JSON.parse(text), value))
      throw new TypeError('JSON cannot carry it');
    return toBytes(text);
  },
  decode: (data) => JSON.parse(toText(data)),
});

const NO_JSON: NonNullable<SerializerContractOptions['refuses']> = [
  {
    reason: 'JSON has no undefined',
    values: ['undefined', 'falsy values in a list', 'a property that is undefined'],
  },
  {
    reason: 'JSON has one zero and no other numbers than finite ones',
    values: ['minus zero', 'NaN', 'infinities'],
  },
  { reason: 'JSON fills holes', values: ['an array with holes'] },
  {
    reason: 'JSON has no such type',
    values: [
      'bigints',
      'dates',
      'maps',
      'sets',
      'regular expressions',
      'URLs',
      'errors',
      'bytes',
      'typed arrays',
      'an instance of a class',
    ],
  },
  { reason: 'JSON is a tree', values: ['a cycle'] },
];

serializerContract({
  name: 'honest JSON',
  create: honestJson,
  refuses: NO_JSON,
  values: { 'a list of lists': () => [[1], [[2]]] },
});

const withChange = (change: (inner: Serializer) => Partial<Serializer>) => (): Serializer => {
  const inner = honestJson();
  return { ...inner, ...change(inner) };
};
const asDeclared = (value: string) => `treats as declared: ${value}`;
const last: { encoded?: unknown; decoded?: unknown; buffer: Uint8Array } = {
  buffer: new Uint8Array(2_000_000),
};

/** Faults that real serializers have had, each with the tests that must catch it. */
const BROKEN: readonly (readonly [string, () => Serializer, readonly string[]])[] = [
  ['has no id', withChange(() => ({ id: '' })), ['has an id']],
  [
    'drops what JSON drops',
    withChange(() => ({ encode: (value) => toBytes(JSON.stringify(value) ?? 'null') })),
    [
      'undefined',
      'minus zero',
      'NaN',
      'infinities',
      'falsy values in a list',
      'a property that is undefined',
      'dates',
      'maps',
    ]
      .map(asDeclared)
      .concat('refuses what no bytes can carry, at the top and within'),
  ],
  [
    'takes falsy for nothing',
    withChange(({ decode }) => ({ decode: (data) => decode(data) || null })),
    ['false', 'zero', 'an empty string'].map(asDeclared),
  ],
  [
    'refuses what it is said to carry',
    withChange(() => ({ accepts: (value) => typeof value === 'object' && value !== null })),
    ['null', 'true', 'a long string'].map(asDeclared),
  ],
  [
    'writes over its prototype',
    withChange(({ decode }) => ({
      decode: (data) => {
        const value = decode(data);
        return typeof value === 'object' && value !== null && '__proto__' in value
          ? Object.assign({}, value)
          : value;
      },
    })),
    [asDeclared('an own property named __proto__')],
  ],
  [
    'counts in 32 bits',
    withChange(({ decode }) => ({
      decode: (data) =>
        JSON.parse(toText(data), (_, value) => (typeof value === 'number' ? value | 0 : value)) ??
        decode(data),
    })),
    [asDeclared('numbers')],
  ],
  [
    'marks the value as seen',
    withChange(({ encode }) => ({
      encode: (value) => {
        if (typeof value === 'object' && value !== null)
          Reflect.set(value, 'seen', true) || Reflect.ownKeys(value);
        if (Object.isFrozen(value)) throw new TypeError('cannot mark it');
        return encode(value);
      },
    })),
    ['leaves the value as it is', 'keeps no reference to the value'],
  ],
  [
    'remembers the value instead of encoding it',
    withChange(({ encode }) => ({
      encode: (value) => {
        last.encoded = value;
        return encode(value);
      },
      decode: () => last.encoded,
    })),
    ['keeps no reference to the value', 'makes each decoded value anew'],
  ],
  [
    'encodes into one buffer for ever',
    withChange(({ encode }) => ({
      encode: (value) => {
        const data = encode(value);
        last.buffer.set(data);
        return last.buffer.subarray(0, data.length);
      },
    })),
    ['keeps no reference to the data'],
  ],
  [
    'hands the same decoded value to everyone',
    withChange(({ decode }) => {
      let value: unknown;
      return { decode: (data) => (value ??= decode(data)) };
    }),
    ['makes each decoded value anew'],
  ],
  [
    'decodes the buffer behind a view',
    withChange(({ decode }) => ({ decode: (data) => decode(new Uint8Array(data.buffer)) })),
    ['decodes a view into a larger buffer'],
  ],
  [
    'makes something of everything',
    withChange(({ decode }) => ({
      decode: (data) => {
        try {
          return decode(data);
        } catch {
          return undefined;
        }
      },
    })),
    ['throws at garbage', 'throws at data that is cut short'],
  ],
];

describe('the contract of a serializer', () => {
  const contractOf = (create: () => Serializer, more: Partial<SerializerContractOptions> = {}) =>
    record((runner) => serializerContract({ name: 'x', create, refuses: NO_JSON, ...more, runner }));

  test.each(BROKEN)('catches one that %s', async (_, create, caughtBy) => {
    const { run } = contractOf(create);
    const missed: string[] = [];
    for (const name of caughtBy) if ((await run(name)) === undefined) missed.push(name);
    expect(missed).toEqual([]);
  });

  test('has no test of its manners that none of these faults can fail', () => {
    const biting = new Set(BROKEN.flatMap(([, , caughtBy]) => caughtBy));
    const manners = contractOf(honestJson).names.filter((name) => !name.startsWith('treats as declared'));
    expect(manners.filter((name) => !biting.has(name))).toEqual([]);
  });

  test('catches every value that is not carried and not declared', async () => {
    const { run } = contractOf(honestJson, { refuses: [] });
    for (const value of NO_JSON.flatMap(({ values }) => values)) {
      expect(await run(asDeclared(value))).toBeDefined();
    }
  });

  test('catches every value that is declared as refused and carried', async () => {
    const { names } = contractOf(honestJson);
    const refused = new Set(NO_JSON.flatMap(({ values }) => values.map(asDeclared)));
    const carried = names.filter((name) => name.startsWith('treats as declared: ') && !refused.has(name));
    expect(carried.length).toBeGreaterThan(10);
    const values = carried.map((name) =>
      name.slice('treats as declared: '.length),
    ) as (typeof NO_JSON)[0]['values'];
    const { run } = contractOf(honestJson, { refuses: [{ reason: 'a lie', values }] });
    for (const name of carried) expect(await run(name)).toBeDefined();
  });

  test('catches a value of the author that comes back changed', async () => {
    const { run } = contractOf(honestJson, { values: { 'a date in a list': () => [new Date(0)] } });
    expect(await run('carries a date in a list')).toBeDefined();
  });

  test('refuses what cannot be meant', () => {
    const refuses = (reason: string, value: string) =>
      [{ reason, values: [value] }] as unknown as typeof NO_JSON;
    expect(() => contractOf(honestJson, { refuses: refuses('why', 'data') })).toThrow(
      "refuses: 'data' is no value of the contract; it accepts undefined, null,",
    );
    expect(() => contractOf(honestJson, { refuses: refuses(' ', 'dates') })).toThrow(
      'refuses: dates has no reason',
    );
    expect(() => contractOf(honestJson, { values: { dates: () => 0 } })).toThrow(
      "'dates' is in the contract already",
    );
  });
});
