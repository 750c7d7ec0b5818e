import { describe, expect, test } from '@jest/globals';
import { canonicalArguments, canonicalValue } from '../../src/keys/canonical.js';
import { KeyError } from '../../src/model/errors.js';

class Account {
  id = 1;
}
class Ledger extends Map<string, number> {}
class Stamp extends Date {}
class Row extends Array<number> {}
class Blob32 extends Uint8Array {}
class Link extends URL {}
class Later {}
Object.defineProperty(Later.prototype, 'then', { value: () => {} });

/** Classes that are called like built-ins: a class takes the name of the property it is written to. */
const namesakes = {
  Map: class {
    a = 1;
  },
  URL: class {
    href = 'http://a/';
  },
};
const subclasses = { Map: class extends Map<unknown, unknown> {} };

const hostile = new Proxy(
  {},
  {
    ownKeys: () => {
      throw new Error('no keys for you');
    },
  },
);
const revoked = Proxy.revocable({}, {});
revoked.revoke();
const detached = new ArrayBuffer(8);
structuredClone(detached, { transfer: [detached] });

describe('refused, with the argument and the way into it', () => {
  test.each<[string, readonly unknown[], string]>([
    ['function', [() => 1], 'argument 0 is a function'],
    ['class', [0, Account], 'argument 1 is a function'],
    ['function inside', [0, { filter: { callback: () => 1 } }], 'argument 1.filter.callback is a function'],
    ['in an array', [{ list: [1, [() => 1]] }], 'argument 0.list[1][0] is a function'],
    ['after siblings', [{ a: { b: {} }, c: [{}], d: () => 1 }], 'argument 0.d is a function'],
    ['under an odd name', [{ 'a b': { '': () => 1 } }], 'argument 0["a b"][""] is a function'],
    ['symbol', [Symbol('s')], 'argument 0 is a symbol'],
    ['symbol inside', [[Symbol.iterator]], 'argument 0[0] is a symbol'],
    [
      'symbol-keyed property',
      [{ a: { [Symbol('s')]: 1 } }],
      'argument 0.a has a property named by a symbol (Symbol(s))',
    ],
    [
      'symbol-keyed property of an array',
      [Object.assign([], { [Symbol('s')]: 1 })],
      'argument 0 has a property named by a symbol',
    ],
    [
      'symbol-keyed property of a map',
      [Object.assign(new Map(), { [Symbol('s')]: 1 })],
      'argument 0 has a property named by a symbol',
    ],
    ['promise', [Promise.resolve(1)], 'argument 0 is a promise'],
    ['thenable instance', [new Later()], 'argument 0 is a promise'],
    ['thenable', [Object.fromEntries([['then', () => 1]])], 'argument 0.then is a function'],
    ['WeakMap', [new WeakMap()], 'argument 0 is a WeakMap'],
    ['WeakSet', [new WeakSet()], 'argument 0 is a WeakSet'],
    ['WeakRef', [new WeakRef({})], 'argument 0 is a WeakRef'],
    ['generator', [(function* () {})()], 'argument 0 is an iterator'],
    ['async generator', [(async function* () {})()], 'argument 0 is an iterator'],
    ['iterator', [[1][Symbol.iterator]()], 'argument 0 is an iterator'],
    ['error', [new TypeError('x')], 'argument 0 is an Error'],
    ['boxed number', [Object(1)], 'argument 0 is a boxed Number'],
    ['boxed string', [Object('a')], 'argument 0 is a boxed String'],
    ['boxed bigint', [Object(1n)], 'argument 0 is a boxed BigInt'],
    ['boxed symbol', [Object(Symbol('s'))], 'argument 0 is a boxed Symbol'],
    ['class instance', [{ owner: new Account() }], 'argument 0.owner is an instance of Account'],
    ['instance of a subclass of Map', [new Ledger()], 'argument 0 is an instance of Ledger'],
    ['instance of a subclass of Date', [new Stamp()], 'argument 0 is an instance of Stamp'],
    ['instance of a subclass of Array', [new Row()], 'argument 0 is an instance of Row'],
    ['instance of a subclass of Uint8Array', [new Blob32(1)], 'argument 0 is an instance of Blob32'],
    ['instance of a subclass of URL', [new Link('http://a/')], 'argument 0 is an instance of Link'],
    ['own class that is called Map', [new namesakes.Map()], 'argument 0 is an instance of Map'],
    ['own subclass that is called Map', [new subclasses.Map()], 'argument 0 is an instance of Map'],
    ['own class that is called URL', [new namesakes.URL()], 'argument 0 is an instance of URL'],
    [
      'inherited properties',
      [Object.create({ a: 1 })],
      'argument 0 is an object with a prototype of its own',
    ],
    [
      'arguments of a function',
      [new Function('return arguments')(1)],
      'argument 0 is an object of kind Arguments',
    ],
    [
      'date in disguise',
      [Object.setPrototypeOf(new Date(), Object.prototype)],
      'argument 0 is an object of kind Date',
    ],
    [
      'inside a map',
      [
        new Map([
          [1, 1],
          [2, () => 1],
        ] as [number, unknown][]),
      ],
      'argument 0[1] is a function',
    ],
    ['inside a set', [{ tags: new Set([() => 1]) }], 'argument 0.tags[0] is a function'],
    ['proxy that throws', [{ a: hostile }], 'argument 0.a cannot be read (no keys for you)'],
    [
      'proxy that throws, after a sibling',
      [{ a: { x: 1 }, b: hostile }],
      'argument 0.b cannot be read (no keys for you)',
    ],
    [
      'array of another element type in disguise',
      [Object.setPrototypeOf(new Int8Array(1), Uint16Array.prototype)],
      'argument 0 is an instance of Uint16Array',
    ],
    ['revoked proxy', [revoked.proxy], 'argument 0 cannot be read'],
    ['proxy of a date', [new Proxy(new Date(), {})], 'argument 0 is an instance of Date'],
    [
      'getter that throws',
      [
        [
          {
            get a() {
              throw new Error('gone');
            },
          },
        ],
      ],
      'argument 0[0].a cannot be read (gone)',
    ],
    [
      'getter that throws nonsense',
      [
        {
          get a() {
            throw Object.create(null);
          },
        },
      ],
      'argument 0.a cannot be read (it throws)',
    ],
    [
      'getter that never ends',
      [
        {
          get a() {
            return overflow();
          },
        },
      ],
      'argument 0.a cannot be read (Maximum call stack',
    ],
    ['detached buffer', [detached], 'argument 0 cannot be read'],
  ])('%s', (_, list, message) => {
    const error = refusalOf(() => canonicalArguments(list));
    expect(error).toBeInstanceOf(KeyError);
    expect(error.message).toContain(message);
    expect(error.message).toContain('key: option');
    expect(error.message).toContain('registerKeyType(');
    expect(error.argument).toBe(Number(/argument (\d)/.exec(message)?.[1]));
  });

  test('a refusal raised within a getter is told from one of the arguments', () => {
    const nestedCall = {
      get a() {
        return canonicalArguments([1, 2, () => 1]);
      },
    };
    const error = refusalOf(() => canonicalArguments([nestedCall]));
    expect(error.argument).toBe(0);
    expect(error.message).toContain('argument 0.a cannot be read (argument 2 is a function');
  });

  test('a single value is called by its subject', () => {
    expect(refusalOf(() => canonicalValue({ a: () => 1 }, 'scope')).message).toMatch(
      /^scope\.a is a function/,
    );
    expect(refusalOf(() => canonicalValue(Symbol('s'))).message).toMatch(/^value is a symbol/);
    expect(refusalOf(() => canonicalValue(Symbol('s'))).argument).toBe(0);
  });
});

function overflow(): never {
  return overflow();
}

function refusalOf(run: () => unknown): KeyError {
  try {
    run();
  } catch (error) {
    return error as KeyError;
  }
  throw new Error('nothing was refused');
}
