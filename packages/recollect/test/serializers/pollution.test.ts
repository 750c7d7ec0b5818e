import { afterEach, describe, expect, test } from '@jest/globals';
import { writeEnvelope } from '../../src/model/envelope.js';
import { SerializerSet } from '../../src/serializers/serializer-set.js';
import { Wire } from '../../src/serializers/wire.js';

const MARK = 'polluted';
const bad = { [MARK]: true };
const json = (text: string): string => text;
const note = (json: unknown, values: unknown, more: object = {}): string =>
  JSON.stringify({ json, meta: { values, v: 1, ...more } });
const same = (json: unknown, referentialEqualities: unknown, v?: number): string =>
  JSON.stringify({ json, meta: { referentialEqualities, v } });

/** Payloads that try to reach a prototype, to build what nobody registered, or to exhaust the memory. */
const CORPUS: readonly (readonly [codec: 'json' | 'superjson', payload: string])[] = [
  ['json', json('{"__proto__":{"polluted":true}}')],
  ['json', json('{"a":{"__proto__":{"polluted":true}}}')],
  ['json', json('[[{"__proto__":1}]]')],
  ['json', json('{"\\u005f_proto__":{"polluted":true}}')],
  ['json', json('{"__prot\\u006f__":{"polluted":true}}')],
  ['json', json('{"\\u005F\\u005F\\u0070\\u0072\\u006F\\u0074\\u006F\\u005F\\u005F":{"polluted":true}}')],
  ['superjson', json('{"json":{"__proto__":{"polluted":true}}}')],
  [
    'superjson',
    json('{"json":{"__proto__":{"polluted":true}},"meta":{"values":{"__proto__.polluted":["Date"]},"v":1}}'),
  ],
  // The three of CVE-2022-23631 and its neighbours.
  ['superjson', same({ a: [bad] }, { 'a.0': ['__proto__'] })],
  ['superjson', same({ a: bad }, { a: ['constructor.prototype.x'] }, 1)],
  ['superjson', same([bad], [['__proto__.x']], 1)],
  ['superjson', same({ polluted: true }, { polluted: ['__proto__.polluted'] })],
  ['superjson', note({ a: 1 }, { '__proto__.polluted': ['Date'] })],
  ['superjson', note({ a: 1 }, { 'constructor.prototype.polluted': ['Date'] })],
  ['superjson', note({ a: {} }, { 'a.constructor.prototype.polluted': ['undefined'] })],
  ['superjson', note([[]], { '0.__proto__.polluted': ['undefined'] })],
  ['superjson', note({ a: [] }, { a: ['set', { 'constructor.prototype.polluted': ['Date'] }] })],
  ['superjson', note({ a: 1 }, JSON.parse('{"a":{"__proto__":["Date"]}}'))],
  ['superjson', note({ prototype: 1 }, { prototype: ['Date'] })],
  ['superjson', note({ a: 1 }, { a: [['class', 'Object']] })],
  ['superjson', note({ a: 1 }, { a: [['class', '__proto__']] })],
  ['superjson', note({ a: 'x' }, { a: [['symbol', 'iterator']] })],
  ['superjson', note({ a: 1 }, { a: [['custom', 'constructor']] })],
  ['superjson', note({ a: 1 }, { a: [['custom', '__proto__']] })],
  ['superjson', note({ a: 1 }, { a: [['custom', 'toString']] })],
  ['superjson', note({ a: 4e9 }, { a: [['typed-array', 'Float64Array']] })],
  ['superjson', note({ a: { message: 'x', stack: 'y' } }, { a: ['Error'] })],
  ['superjson', note({ a: ['Float64Array', 4e9] }, { a: [['custom', 'bytes']] })],
  ['superjson', note({ a: ['eval', 'AAAA'] }, { a: [['custom', 'bytes']] })],
  ['superjson', note({ a: ['Function', []] }, { a: [['custom', 'error']] })],
  ['superjson', note([['__proto__', bad]], [['custom', 'dictionary']])],
  ['superjson', note([['__proto__', bad]], [['custom', 'record']])],
  ['superjson', note(['Error', [['__proto__', bad]]], [['custom', 'error']])],
  ['superjson', note(['Object', [['polluted', true]]], [['custom', 'class']])],
  ['superjson', note(['__proto__', [['polluted', true]]], [['custom', 'class']])],
  ['superjson', note(['constructor', { json: 1 }], [['custom', 'coded']])],
  ['superjson', note(1, [['custom', 'ref']])],
  [
    'superjson',
    JSON.stringify({
      json: ['__proto__', {}],
      meta: { values: { 0: [['custom', 'ref']] }, v: 1 },
      shared: true,
    }),
  ],
  [
    'superjson',
    JSON.stringify({ json: [7, {}], meta: { values: { 0: [['custom', 'ref']] }, v: 1 }, shared: true }),
  ],
  ['superjson', JSON.stringify({ json: [{}], shared: true })],
  ['superjson', JSON.stringify({ json: { a: 1 }, meta: { values: { a: ['Date'] } } })],
  ['superjson', note({ a: 1 }, { a: ['Date'] }, { extra: 1 })],
  ['superjson', note({ a: 1 }, { a: 'Date' })],
  ['superjson', note({ a: 1 }, { a: [['custom', 'bytes', 'x']] })],
  ['superjson', note({ a: 1 }, 'Date')],
  ['superjson', json('{"meta":{}}')],
  ['superjson', json('[]')],
  ['superjson', json('null')],
  ['superjson', json('{"json":1,"more":2}')],
];

/** Payloads that are harmless although they look alike. */
const HARMLESS: readonly (readonly [codec: 'json' | 'superjson', payload: string, value: unknown])[] = [
  [
    'superjson',
    JSON.stringify({ json: [1, {}], meta: { values: { 0: [['custom', 'ref']] }, v: 1 }, shared: true }),
    {},
  ],
  ['json', '{"a":"__proto__"}', { a: '__proto__' }],
  ['json', '["\\u005f_proto__","\\u0061"]', ['__proto__', 'a']],
  [
    'json',
    '{"constructor":{"prototype":{"polluted":true}}}',
    { constructor: { prototype: { polluted: true } } },
  ],
  [
    'superjson',
    '{"json":{"constructor":{"prototype":{"polluted":true}}}}',
    { constructor: { prototype: { polluted: true } } },
  ],
];

const set = new SerializerSet();
const before = Reflect.ownKeys(Object.prototype);

afterEach(() => {
  expect(Reflect.ownKeys(Object.prototype)).toEqual(before);
  expect(MARK in {}).toBe(false);
  for (const other of [Array, Function, Map, Set, Date, Error]) expect(MARK in other.prototype).toBe(false);
});

describe.each(CORPUS)('%s of %s', (codec, payload) => {
  const data = new TextEncoder().encode(payload);

  test('is no value', () => {
    expect(() => set.decode(codec, data)).toThrow(`serializer '${codec}' cannot read the data`);
  });

  test('in a record is a rejection', async () => {
    const keyDigest = new Uint8Array(16);
    const record = writeEnvelope({
      flags: 0,
      codec,
      siteVersion: '',
      keyDigest,
      ttlMs: 1,
      versions: [],
      rawLength: data.length,
      payload: data,
    });
    const opened = await new Wire({ serializers: set }).open(record, { keyDigest, siteVersion: '' });
    expect(['corrupt', 'foreign']).toContain(opened.kind);
  });
});

test.each(HARMLESS)('%s of %s is data', (codec, payload, value) => {
  expect(set.decode(codec, new TextEncoder().encode(payload))).toEqual(value);
});

test('data nested without measure is a rejection or a value, not the end of the process', () => {
  const deep = (open: string, close: string): Uint8Array =>
    new TextEncoder().encode(open.repeat(200_000) + close.repeat(200_000));
  for (const codec of ['json', 'superjson']) {
    for (const data of [deep('[', ']'), deep('{"json":', '}'), deep('{"a":{"__proto__":', '}}')]) {
      try {
        set.decode(codec, data);
      } catch (error) {
        expect((error as Error).name).toBe('SerializationError');
      }
    }
  }
  const values = new TextEncoder().encode(
    `{"json":1,"meta":{"v":1,"values":${'{"a":'.repeat(100_000)}["Date"]${'}'.repeat(100_000)}}}`,
  );
  expect(() => set.decode('superjson', values)).toThrow('cannot read the data');
});
