import { expect, test } from '@jest/globals';
import { canonicalArguments } from '../../src/keys/canonical.js';
import { registerKeyType } from '../../src/keys/key-types.js';
import { ConfigurationError, KeyError } from '../../src/model/errors.js';

class Money {
  constructor(
    readonly currency: string,
    readonly cents: number,
  ) {}
}
class Discount extends Money {
  readonly percent = 10;
}
class Tags extends Set<string> {}
class Node {
  next: Node | undefined;
}
class Broken {
  readonly reason = 'parts failed';
}
abstract class Shape {
  abstract readonly area: number;
}

registerKeyType('money', Money, (money) => [money.currency, money.cents]);
registerKeyType('tags, "quoted"', Tags, (tags) => [...tags].sort());
registerKeyType('node', Node, (node) => ({ next: node.next }));
registerKeyType('broken', Broken, (broken) => {
  throw new Error(broken.reason);
});
registerKeyType('lazy', class Lazy {}, () => ({ load: () => 1 }));
registerKeyType('shape', Shape, (shape) => shape.area);

test('instances are equal by name and parts', () => {
  expect(canonicalArguments([new Money('EUR', 5)])).toBe('@"money"(["EUR",5])');
  expect(canonicalArguments([[new Money('EUR', 5)]])).not.toBe(canonicalArguments([[new Money('EUR', 6)]]));
  expect(canonicalArguments([new Tags(['b', 'a'])])).toBe('@"tags, \\"quoted\\""(["a","b"])');
});

test('an instance of a subclass is not one of the class', () => {
  expect(() => canonicalArguments([new Discount('EUR', 5)])).toThrow('argument 0 is an instance of Discount');
});

test('parts are held to the same limits and rules', () => {
  const node = new Node();
  expect(canonicalArguments([node])).toBe('@"node"(("next":undefined))');
  node.next = node;
  expect(canonicalArguments([node])).toBeUndefined();
  let chain = new Node();
  for (let i = 0; i < 200_000; i++) chain = Object.assign(new Node(), { next: chain });
  expect(canonicalArguments([chain])).toBeUndefined();
  expect(() => canonicalArguments([{ a: new Broken() }])).toThrow(
    'argument 0.a cannot be read (parts failed)',
  );
  expect(() => canonicalArguments([{ a: new Broken() }])).toThrow(KeyError);
});

test.each<[string, () => void, string]>([
  [
    'the name twice',
    () => registerKeyType('money', class Other {}, String),
    "key type 'money' is already registered",
  ],
  [
    'the class twice',
    () => registerKeyType('cash', Money, String),
    "class Money of key type 'cash' is already registered as 'money'",
  ],
  ['an empty name', () => registerKeyType('', class A {}, String), 'name of a key type is empty'],
  [
    'no name',
    () => registerKeyType(undefined as never, class A {}, String),
    'name of a key type is a undefined',
  ],
  ['no class', () => registerKeyType('a', {} as never, String), "class of key type 'a' is a object"],
  [
    'an arrow function',
    () => registerKeyType('a', (() => 1) as never, String),
    "class of key type 'a' is a function without instances",
  ],
  ['Object', () => registerKeyType('a', Object, String), "class of key type 'a' is Object"],
  ['Array', () => registerKeyType('a', Array, String), "class of key type 'a' is Array"],
  [
    'no parts',
    () => registerKeyType('a', class A {}, undefined as never),
    "parts of key type 'a' is a undefined",
  ],
])('refuses %s', (_, register, message) => {
  expect(register).toThrow(ConfigurationError);
  expect(register).toThrow(message);
});

test('a refused registration leaves no trace', () => {
  class Late {}
  expect(() => registerKeyType('money', Late, () => 1)).toThrow(ConfigurationError);
  registerKeyType('late', Late, () => 1);
  expect(canonicalArguments([new Late()])).toBe('@"late"(1)');
});
