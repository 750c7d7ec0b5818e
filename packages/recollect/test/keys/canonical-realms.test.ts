import { createContext, runInContext } from 'node:vm';
import { expect, test } from '@jest/globals';
import { canonicalArguments } from '../../src/keys/canonical.js';

const context = createContext();

test.each([
  '{ b: [1, , { c: null }], a: "x" }',
  'Object.create(null)',
  '[]',
  'new Date(5)',
  'new Date(NaN)',
  'new Map([[{ a: 1 }, new Set([1, 2])]])',
  '/a"b/gu',
  'new Uint8Array([1, 2])',
  'new Float32Array([0.5, -0])',
  'new BigUint64Array([5n])',
  'new Uint8Array([1, 2]).buffer',
  'new DataView(new Uint8Array([1, 2, 3]).buffer, 1, 1)',
])('%s is the same value in every realm', (source) => {
  const foreign: unknown = runInContext(`(${source})`, context);
  // Built in the test's own realm, which under jest is not that of Node's globals either.
  const local: unknown = new Function(`return (${source})`)();
  expect(foreign instanceof Object).toBe(false);
  expect(canonicalArguments([foreign])).toBe(canonicalArguments([local]));
});

test.each([
  ['new (class Account {})()', 'an instance of Account'],
  ['new (class Map extends globalThis.Map {})()', 'an instance of Map'],
  ['Object.create({})', 'an object with a prototype of its own'],
  ['Object.create(Object.create(null))', 'an object with a prototype of its own'],
  ['Promise.resolve()', 'a promise'],
  ['new Error("x")', 'an Error'],
  ['new WeakMap()', 'a WeakMap'],
  ['() => 1', 'a function'],
])('%s is refused in every realm', (source, what) => {
  expect(() => canonicalArguments([runInContext(`(${source})`, context)])).toThrow(`argument 0 is ${what}`);
});
