import { expect, test } from '@jest/globals';
import { canonicalArguments } from '../../src/keys/canonical.js';

test('a transparent proxy counts as what it stands for', () => {
  expect(canonicalArguments([new Proxy({ a: 1 }, {}), new Proxy([1], {})])).toBe('("a":1),[1]');
});

test('a getter that makes keys itself does not disturb the walk around it', () => {
  const inner = {
    get b() {
      return canonicalArguments([{ c: [1] }]);
    },
  };
  expect(canonicalArguments([{ a: inner, d: 2 }])).toBe('("a":("b":"(\\"c\\":[1])"),"d":2)');
});

test('a getter that keeps adding to the map around it does not keep the walk going', () => {
  const map = new Map<number, object>();
  let added = 0;
  const grow = (): object => ({
    get a() {
      map.set(++added, grow());
      return 1;
    },
  });
  map.set(0, grow());
  expect(canonicalArguments([map])).toBe('Map(0:("a":1))');
  expect(added).toBe(1);
});

test('a getter runs once', () => {
  let reads = 0;
  canonicalArguments([
    {
      get a() {
        return ++reads;
      },
    },
  ]);
  expect(reads).toBe(1);
});

test('what an instance puts over the methods of its class does not speak for it', () => {
  const date = Object.defineProperty(new Date(0), 'toISOString', { value: () => 'forged' });
  const map = Object.defineProperty(new Map([[1, 2]]), 'forEach', { value: () => {} });
  const bytes = Object.defineProperty(new Int8Array([1, 2]), 'length', { value: 1 });
  expect(canonicalArguments([date, map, bytes])).toBe(
    'Date(1970-01-01T00:00:00.000Z),Map(1:2),Int8Array(1,2)',
  );
});
