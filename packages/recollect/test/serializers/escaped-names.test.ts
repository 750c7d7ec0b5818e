import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { jsonSerializer } from '../../src/serializers/json.js';
import { SerializerSet } from '../../src/serializers/serializer-set.js';
import { seed } from '../seed.js';
import { difference } from './difference.js';
import { plainValue, richValue } from './value-arbitrary.js';

const set = new SerializerSet();
const textOf = (value: unknown): string => new TextDecoder().decode(set.encode(value).data);
/** All strings of a JSON text that are followed by a colon. */
const namesIn = (text: string): string[] =>
  [...text.matchAll(/"((?:[^"\\]|\\.)*)"(:?)/gs)]
    .filter(([, , colon]) => colon === ':')
    .map(([, name]) => name as string);

/** Each of them with what JSON makes of it. */
const ESCAPED = ['"', '\\', '\n', 'a\tb', '\u0000', '\ud800', 'x\udfffy', 'say "hi"', '\\n'];
const UNESCAPED = ['', ' ', 'é', '\u{1f600}', '\u2028', '/', 'a-b', 'a:b', '__proto', '\u007f'];

test('V8 that misreads escaped names does not get any to read', () => {
  // From here on some versions read every escaped name of one character as a backslash (nodejs/node#63785).
  JSON.parse('{"id":[],"\\\\":0}');
  for (const name of [...ESCAPED, ...UNESCAPED]) {
    for (const value of [
      { id: 1, [name]: 2 },
      { id: 1, [name]: { when: new Date(0) } },
      [new Map([[name, { [name]: name }]])],
    ]) {
      const { codec, data } = set.encode(value);
      expect([name, difference(set.decode(codec, data), value)]).toEqual([name, '']);
    }
  }
});

test(`no name in any text has an escape (seed ${seed})`, () => {
  let names = 0;
  fc.assert(
    fc.property(fc.oneof(plainValue, richValue), (value) => {
      for (const name of namesIn(textOf(value))) {
        names++;
        expect(name).not.toContain('\\');
      }
    }),
    { seed, numRuns: 1_000, interruptAfterTimeLimit: 60_000, markInterruptAsFailure: true },
  );
  expect(names).toBeGreaterThan(1_000);
}, 120_000);

test('JSON leaves such names to superjson, and other escapes alone', () => {
  for (const name of ESCAPED) {
    expect(jsonSerializer.accepts?.([{ [name]: 1 }])).toBe(false);
    expect(() => jsonSerializer.encode({ [name]: 1 })).toThrow('a name in it has to be escaped');
    expect(set.encode({ [name]: 1 }).codec).toBe('superjson');
  }
  for (const name of UNESCAPED) expect(set.encode({ [name]: 1 }).codec).toBe('json');
  for (const text of [...ESCAPED, '":', '\\":', '"\\', ':"', '\\\\', '{"a":1}']) {
    const values = [text, [text, text], { a: text, b: [text], c: { d: text } }];
    for (const value of values) {
      expect(set.encode(value).codec).toBe('json');
      expect(difference(set.decode('json', set.encode(value).data), value)).toBe('');
    }
  }
});

test('a long text full of escapes is searched once', () => {
  const text = '"\n\\'.repeat(500_000);
  const started = performance.now();
  expect(set.encode({ text, more: [text] }).codec).toBe('json');
  // Quadratic, it would be hours.
  expect(performance.now() - started).toBeLessThan(10_000);
});
