import { expect, test } from '@jest/globals';
import { ConfigurationError, SerializationError } from '../../src/model/errors.js';
import type { Serializer } from '../../src/ports/serializer.js';
import { SerializerSet } from '../../src/serializers/serializer-set.js';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Says which values it was given, and hands out parts of one and the same buffer. */
class Recorder implements Serializer {
  readonly id = 'recorder';
  readonly seen: unknown[] = [];
  readonly #buffer = new Uint8Array(64);

  accepts(value: unknown): boolean {
    return value !== 'unfit';
  }

  encode(value: unknown): Uint8Array {
    this.seen.push(value);
    const { written } = new TextEncoder().encodeInto(String(value), this.#buffer.subarray(8));
    return this.#buffer.subarray(8, 8 + (written ?? 0));
  }

  decode(data: Uint8Array): unknown {
    return `${new TextDecoder().decode(data)}!`;
  }
}

test('JSON where it is exact, superjson elsewhere; a serializer of the application only by its id', () => {
  const recorder = new Recorder();
  const set = new SerializerSet([recorder]);
  expect(set.encode({ a: 1 })).toEqual({ codec: 'json', data: bytesOf('{"a":1}') });
  expect(set.encode({ a: 1n }).codec).toBe('superjson');
  expect(recorder.seen).toEqual([]);
  const encoded = set.encode({ a: 1 }, 'recorder');
  expect(set.decode(encoded.codec, encoded.data)).toBe('[object Object]!');
  expect(set.encode([1], 'superjson').codec).toBe('superjson');
});

test('an id leaves the value to that serializer, come what may', () => {
  const set = new SerializerSet([new Recorder()]);
  expect(() => set.encode({ when: new Date(0) }, 'json')).toThrow(
    'JSON cannot carry the value: value.when is a Date',
  );
  expect(() => set.encode('unfit', 'recorder')).toThrow("serializer 'recorder' does not accept the value");
});

test('what a serializer hands out does not change with what it is given next', () => {
  const set = new SerializerSet([new Recorder()]);
  const first = set.encode('first', 'recorder');
  set.encode('later', 'recorder');
  expect(first.data).toEqual(bytesOf('first'));
  expect(first.data.buffer.byteLength).toBe(5);
});

test('the value is encoded before encode returns', () => {
  const set = new SerializerSet();
  const value = { list: [1], when: new Date(0) };
  const encoded = set.encode(value);
  value.list.push(2);
  value.when.setTime(1);
  expect(set.decode(encoded.codec, encoded.data)).toEqual({ list: [1], when: new Date(0) });
});

test('require and has know the ids', () => {
  const recorder = new Recorder();
  const set = new SerializerSet([recorder]);
  expect(set.require('recorder')).toBe(recorder);
  expect(['json', 'superjson', 'recorder', 'toString', '__proto__', ''].map((id) => set.has(id))).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
  for (const attempt of [() => set.require('msgpack'), () => set.encode(1, 'msgpack')]) {
    expect(attempt).toThrow(ConfigurationError);
    expect(attempt).toThrow("serializer is 'msgpack'; it accepts json, superjson, recorder");
  }
});

const named = (id: unknown): Serializer => ({
  id: id as string,
  encode: () => new Uint8Array(),
  decode: () => 1,
});

test.each<[string, readonly unknown[]]>([
  ['id of a serializer is empty; it accepts text of 1 to 255 bytes', [named('')]],
  ['id of a serializer is number', [named(5)]],
  ["id of a serializer is 'éé", [named('é'.repeat(128))]],
  ['id of a serializer is undefined', [undefined]],
  ["serializer 'json' is registered already", [named('json')]],
  ["serializer 'superjson' is registered already", [named('superjson')]],
  ["serializer 'x' is registered already", [named('x'), named('x')]],
  [
    "serializer 'x' accepts { id, encode(value), decode(data) }",
    [{ id: 'x', encode: () => new Uint8Array() }],
  ],
])('is refused: %s', (message, custom) => {
  const make = (): SerializerSet => new SerializerSet(custom as Serializer[]);
  expect(make).toThrow(ConfigurationError);
  expect(make).toThrow(message);
});

test('whatever a serializer throws becomes a SerializationError that holds it', () => {
  const boom = new Error('boom');
  const set = new SerializerSet([
    {
      id: 'error',
      encode: () => {
        throw boom;
      },
      decode: () => {
        throw boom;
      },
    },
    {
      id: 'text',
      encode: () => {
        throw 'boom';
      },
      decode: () => {
        throw undefined;
      },
    },
    { id: 'string', encode: () => 'text' as never, decode: () => 1 },
  ]);
  for (const attempt of [() => set.encode(1, 'error'), () => set.decode('error', new Uint8Array())]) {
    const error = thrownBy(attempt);
    expect(error).toBeInstanceOf(SerializationError);
    expect(error).toMatchObject({ cause: boom, message: expect.stringContaining('boom') });
  }
  for (const attempt of [
    () => set.encode(1, 'text'),
    () => set.decode('text', new Uint8Array()),
    () => set.encode(1, 'string'),
    () => set.decode('none', new Uint8Array()),
  ]) {
    expect(thrownBy(attempt)).toBeInstanceOf(SerializationError);
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
