import { describe, expect, test } from '@jest/globals';
import { CacheError, SerializationError } from '../../src/model/errors.js';
import { jsonSerializer } from '../../src/serializers/json.js';
import { SerializerSet } from '../../src/serializers/serializer-set.js';
import { takeSnapshot } from '../../src/serializers/snapshot.js';
import { superjsonSerializer } from '../../src/serializers/superjson.js';

class Account {
  readonly id = 1;
}
class Stamp extends Date {}
class Table extends Map<string, number> {}
class List extends Array<number> {}
class AccountError extends Error {}
/** Named like a built-in, and yet none. */
const Impostor = { TypeError: class extends Error {}, Map: class {}, URL: class {} };
for (const [name, Class] of Object.entries(Impostor)) Object.defineProperty(Class, 'name', { value: name });

const holes = [1, 2, 3];
delete holes[1];
const hidden = Object.defineProperty({ a: 1 }, 'b', { value: 2, enumerable: false });
const getter = {
  get total(): number {
    throw new Error('was run');
  },
};

/** What nobody can carry without changing it, where it is, and what the message says about it. */
const REFUSED: readonly (readonly [what: string, value: unknown, message: string])[] = [
  ['a function', () => 1, 'value is a function'],
  ['a symbol', Symbol('s'), 'value is a symbol'],
  ['a function within', { a: { run: () => 1 } }, 'value.a.run is a function'],
  ['a symbol within', [[Symbol.iterator]], 'value[0][0] is a symbol'],
  [
    'a name that is a symbol',
    { a: { [Symbol('mark')]: 1 } },
    'value.a has a property named by a symbol (Symbol(mark))',
  ],
  [
    'a name that is a symbol, on an array',
    Object.assign([1], { [Symbol('mark')]: 1 }),
    'value has a property named by a symbol',
  ],
  ['a getter', { order: getter }, 'value.order.total is a getter or setter'],
  [
    'a setter',
    Object.defineProperty({}, 'x', { set() {}, enumerable: true }),
    'value.x is a getter or setter',
  ],
  ['a property that is not enumerable', { hidden }, 'value.hidden.b is not enumerable'],
  ['a name that is a prototype', JSON.parse('{"a":{"__proto__":1}}'), 'value.a.__proto__ has a name'],
  [
    'a name that is a prototype, in a dictionary',
    Object.assign(Object.create(null), JSON.parse('{"x":{"__proto__":1}}')),
    'value.x.__proto__ has a name',
  ],
  ['a hole', { list: holes }, 'value.list[1] is a hole'],
  ['a match of a regular expression', { match: /b/.exec('abc') }, 'value.match.index was added to an array'],
  ['a hole and a name', Object.assign(new Array(1), { name: 1 }), 'value[0] is a hole'],
  ['an instance', { account: new Account() }, 'value.account is an instance of Account'],
  ['an instance of a subclass of Date', new Stamp(), 'value is an instance of Stamp'],
  ['an instance of a subclass of Map', new Table(), 'value is an instance of Table'],
  ['an instance of a subclass of Array', List.of(1, 2), 'value is an instance of List'],
  ['an instance of a subclass of Error', new AccountError('x'), 'value is an Error'],
  ['a class named like an error', new Impostor.TypeError('x'), 'value is an Error'],
  ['a class named like a collection', new Impostor.Map(), 'value is an instance of Map'],
  ['a class named like an address', new Impostor.URL(), 'value is an instance of URL'],
  ['an object with the prototype of a map', Object.create(Map.prototype), 'value is an instance of Map'],
  [
    'an object with the prototype of an array',
    Object.create(Array.prototype),
    'value is an instance of Array',
  ],
  [
    'an object with a prototype of its own',
    Object.create({ a: 1 }),
    'value is an object with a prototype of its own',
  ],
  ['a boxed string', [new String('x')], 'value[0] is a boxed String'],
  ['a promise', { later: Promise.resolve(1) }, 'value.later is a promise'],
  ['an iterator', { rows: [1].values() }, 'value.rows is an iterator'],
  ['a generator', (function* rows() {})(), 'value is an iterator'],
  ['a weak map', new Map([['w', new WeakMap()]]), 'value<"w"> is a WeakMap'],
  ['a member of a set', new Set([1, () => 1]), 'value<member 1> is a function'],
  [
    'a key of a map',
    new Map<unknown, number>([
      [{}, 1],
      [() => 1, 2],
    ]),
    'value<key 1> is a function',
  ],
  ['what is under a key that is no text', new Map([[1, Symbol()]]), 'value<entry 0> is a symbol'],
  ['a cause', { failure: new Error('x', { cause: () => 1 }) }, 'value.failure.cause is a function'],
  ['a property added to a date', Object.assign(new Date(0), { zone: 'CET' }), 'value.zone was added'],
  ['a property added to a map', Object.assign(new Map(), { owner: 1 }), 'value.owner was added'],
  ['shared memory', new Uint8Array(new SharedArrayBuffer(4)), 'value cannot be read'],
  [
    'memory that can grow',
    new (ArrayBuffer as unknown as new (n: number, o: object) => ArrayBuffer)(4, { maxByteLength: 8 }),
    'value cannot be read (its memory can change its length)',
  ],
  [
    'what cannot be read',
    {
      a: new Proxy(
        {},
        {
          ownKeys: () => {
            throw new Error('closed');
          },
        },
      ),
    },
    'value.a cannot be read (closed)',
  ],
  [
    'a revoked proxy',
    (() => {
      const { proxy, revoke } = Proxy.revocable({}, {});
      revoke();
      return { proxy };
    })(),
    'value.proxy cannot be read',
  ],
  ['a name with a dot', { 'a.b': { c: () => 1 } }, 'value["a.b"].c is a function'],
];

describe.each(REFUSED)('%s', (_what, value, message) => {
  const set = new SerializerSet();

  test('is refused by superjson, with the way to it', () => {
    const error = thrownBy(() => superjsonSerializer.encode(value));
    expect(error).toBeInstanceOf(SerializationError);
    expect((error as Error).message).toContain(message);
  });

  test('is refused by json', () => {
    expect(jsonSerializer.accepts?.(value)).toBe(false);
    expect(thrownBy(() => jsonSerializer.encode(value))).toBeInstanceOf(SerializationError);
  });

  test('is refused by the set and by a copy, with the same words', () => {
    for (const attempt of [() => set.encode(value), () => takeSnapshot(value, 'copy', set)]) {
      expect((thrownBy(attempt) as Error).message).toContain(message);
    }
    expect(CacheError.is(thrownBy(() => set.encode(value)))).toBe(true);
  });
});

/** What JSON alone cannot carry. */
const UNPLAIN: readonly (readonly [value: unknown, message: string])[] = [
  [undefined, 'value is undefined'],
  [{ a: undefined }, 'value.a is undefined'],
  [[1, -0], 'value[1] is -0'],
  [{ x: [Number.NaN] }, 'value.x[0] is NaN'],
  [Number.POSITIVE_INFINITY, 'value is Infinity'],
  [1n, 'value is a bigint'],
  [{ when: new Date(0) }, 'value.when is a Date'],
  [{ toJSON: () => 1 }, 'value.toJSON is a function'],
  [Object.create(null), 'value is an object without a prototype'],
  [[new Uint8Array(1)], 'value[0] is a Uint8Array'],
  [{ a: { b: {} }, c: [] as unknown[] }, ''],
];

test.each(UNPLAIN)('%p and json: %s', (value, message) => {
  expect(jsonSerializer.accepts?.(value)).toBe(message === '');
  if (message !== '')
    expect((thrownBy(() => jsonSerializer.encode(value)) as Error).message).toContain(message);
});

test('json refuses an object in two places, and a cycle', () => {
  const one = {};
  expect((thrownBy(() => jsonSerializer.encode({ a: one, b: [one] })) as Error).message).toContain(
    'value.b[0] appears',
  );
  const cycle: unknown[] = [];
  cycle.push(cycle);
  expect(jsonSerializer.accepts?.(cycle)).toBe(false);
  // Beyond the number of objects that are kept in a list.
  const many = Array.from({ length: 100 }, () => ({}));
  expect(jsonSerializer.accepts?.(many)).toBe(true);
  expect(jsonSerializer.accepts?.([...many, many[70]])).toBe(false);
});

test('an object that multiplies in JSON is carried in a moment', () => {
  let value: unknown = 'core';
  for (let level = 0; level < 200; level++) value = [value, value];
  const decoded = superjsonSerializer.decode(new SerializerSet().encode(value).data) as unknown[];
  expect(decoded[0]).toBe(decoded[1]);
});

test('a toJSON on a built-in prototype makes plain data impossible to carry, not different', () => {
  Object.defineProperty(Array.prototype, 'toJSON', { value: () => 'changed', configurable: true });
  try {
    for (const encode of [jsonSerializer.encode, superjsonSerializer.encode])
      expect((thrownBy(() => encode([1])) as Error).message).toContain('toJSON');
  } finally {
    Reflect.deleteProperty(Array.prototype, 'toJSON');
  }
});

function thrownBy(attempt: () => unknown): unknown {
  try {
    attempt();
  } catch (error) {
    return error;
  }
  return undefined;
}
