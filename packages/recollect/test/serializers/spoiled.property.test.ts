import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SerializationError } from '../../src/model/errors.js';
import { jsonSerializer } from '../../src/serializers/json.js';
import { SerializerSet } from '../../src/serializers/serializer-set.js';
import { seed } from '../seed.js';
import { difference } from './difference.js';
import { objectsWithin, plainValue } from './value-arbitrary.js';

const set = new SerializerSet();
const enumerable = { enumerable: true, configurable: true };

/** Ways to make something of plain data that JSON would change. `carried`: something else can carry it. */
const SPOILS: readonly (readonly [
  what: string,
  carried: boolean,
  spoil: (target: object, root: unknown) => void,
])[] = [
  ['a symbol', false, (target) => Object.assign(target, { [Symbol('s')]: 1 })],
  ['a hidden symbol', false, (target) => Object.defineProperty(target, Symbol('s'), { value: 1 })],
  ['a getter', false, (target) => Object.defineProperty(target, 'spoil', { get: () => 1, ...enumerable })],
  ['a hidden property', false, (target) => Object.defineProperty(target, 'spoil', { value: 1 })],
  ['a function', false, (target) => Object.assign(target, { spoil: () => 1 })],
  ['__proto__', false, (target) => Object.defineProperty(target, '__proto__', { value: 1, ...enumerable })],
  [
    'a prototype',
    false,
    (target) =>
      Object.setPrototypeOf(target, Object.create(Object.getPrototypeOf(target) as object) as object),
  ],
  [
    'undefined',
    true,
    (target) =>
      Object.assign(target, Array.isArray(target) ? { [target.length]: undefined } : { spoil: undefined }),
  ],
  [
    'a date',
    true,
    (target) =>
      Object.assign(
        target,
        Array.isArray(target) ? { [target.length]: new Date(0) } : { spoil: new Date(0) },
      ),
  ],
  [
    'a cycle',
    true,
    (target, root) =>
      Object.assign(target, Array.isArray(target) ? { [target.length]: root } : { spoil: root }),
  ],
  [
    'a hole',
    false,
    (target) =>
      Array.isArray(target) &&
      target.push(...new Array<unknown>(2)) &&
      Reflect.deleteProperty(target, target.length - 2),
  ],
  ['a name', false, (target) => Array.isArray(target) && Object.assign(target, { spoil: 1 })],
];

test(`JSON refuses whatever it would change, anywhere in plain data (seed ${seed})`, () => {
  const counts = new Map<string, number>();
  fc.assert(
    fc.property(plainValue, fc.nat(), fc.nat(SPOILS.length - 1), (generated, place, way) => {
      // Of its own: the next attempt to find a smaller example gets the same objects.
      const value: unknown = JSON.parse(JSON.stringify(generated));
      const [what, carried, spoil] = SPOILS[way] as (typeof SPOILS)[number];
      const objects = [...objectsWithin(value)];
      const target = objects[place % objects.length];
      // Hidden names of arrays are not looked for.
      const forArrays =
        what === 'a hidden property' ? false : ['a hole', 'a name'].includes(what) || undefined;
      if (target === undefined || (forArrays !== undefined && forArrays !== Array.isArray(target))) return;
      spoil(target, value);
      counts.set(what, (counts.get(what) ?? 0) + 1);
      expect(jsonSerializer.accepts?.(value)).toBe(false);
      expect(() => jsonSerializer.encode(value)).toThrow(SerializationError);
      if (!carried) {
        expect(() => set.encode(value)).toThrow(SerializationError);
        return;
      }
      const { codec, data } = set.encode(value);
      expect(difference(set.decode(codec, data), value)).toBe('');
    }),
    { seed, numRuns: 3_000, interruptAfterTimeLimit: 60_000, markInterruptAsFailure: true },
  );
  for (const [what] of SPOILS) expect([what, (counts.get(what) ?? 0) > 20]).toEqual([what, true]);
}, 120_000);
