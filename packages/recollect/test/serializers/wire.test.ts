import { describe, expect, jest, test } from '@jest/globals';
import { readEnvelope, writeEnvelope } from '../../src/model/envelope.js';
import { ConfigurationError, SerializationError } from '../../src/model/errors.js';
import type { Serializer } from '../../src/ports/serializer.js';
import { SerializerSet } from '../../src/serializers/serializer-set.js';
import { registerValueClass } from '../../src/serializers/value-classes.js';
import { type Opened, Wire, type WireOptions } from '../../src/serializers/wire.js';
import { difference } from './difference.js';

const SECRET = 'a secret of at least thirty-two characters';
const keyDigest = Uint8Array.from({ length: 16 }, (_, i) => i);
const meta = { keyDigest, siteVersion: '1', ttlMs: 60_000, versions: ['one', 'two'] };
const expected = { keyDigest, siteVersion: '1' };

function wire(options: Partial<WireOptions> = {}): Wire {
  return new Wire({ serializers: new SerializerSet(), ...options });
}
async function sealed(one: Wire, value: unknown, id?: string): Promise<Uint8Array> {
  return one.seal(one.encode(value, id), meta);
}
function errorOf(opened: Opened): string {
  return opened.kind === 'corrupt' ? opened.error.message : opened.kind;
}

const protect = (mode: 'sign' | 'encrypt'): Partial<WireOptions> => ({
  protect: { mode, keys: { k1: SECRET }, current: 'k1' },
});

describe.each<[string, Partial<WireOptions>]>([
  ['bare', {}],
  ['compressed', { compress: { thresholdBytes: 0 } }],
  ['signed', protect('sign')],
  ['encrypted', protect('encrypt')],
  ['compressed and encrypted', { compress: true, ...protect('encrypt') }],
])('a %s record', (_what, options) => {
  const one = wire(options);

  test.each<[unknown]>([
    [undefined],
    [null],
    [0],
    [-0],
    [Number.NaN],
    [''],
    [false],
    [[]],
    [{}],
    [{ when: new Date(0), text: 'long '.repeat(1000) }],
  ])('carries %p', async (value) => {
    const opened = await one.open(await sealed(one, value), expected);
    expect(opened).toMatchObject({ kind: 'value', ttlMs: 60_000, versions: ['one', 'two'] });
    expect(difference(opened.kind === 'value' && opened.value, value)).toBe('');
  });

  test('has no life without end made finite, nor the other way round', async () => {
    for (const ttlMs of [Number.POSITIVE_INFINITY, 1, 315_360_000_000]) {
      expect(await one.open(await one.seal(one.encode(1), { ...meta, ttlMs }), expected)).toMatchObject({
        ttlMs,
      });
    }
  });

  test('says the same whatever the clock on the wall says', async () => {
    const written = [];
    for (const shift of [0, 3_600_000, -3_600_000]) {
      jest.useFakeTimers({ now: 1.7e12 + shift });
      try {
        const record = await sealed(one, 1);
        jest.setSystemTime(1.7e12 - shift);
        expect(await one.open(record, expected)).toMatchObject({ kind: 'value', value: 1, ttlMs: 60_000 });
        written.push(Buffer.from(record).toString('hex'));
      } finally {
        jest.useRealTimers();
      }
    }
    // Encryption differs each time, for another reason.
    if (options.protect?.mode !== 'encrypt') expect(new Set(written).size).toBe(1);
  });

  test('of another key is corrupt, of another version of the site foreign', async () => {
    const record = await sealed(one, 1);
    expect(
      errorOf(await one.open(record, { ...expected, keyDigest: keyDigest.slice().reverse() })),
    ).toContain('another key');
    expect(errorOf(await one.open(record, { ...expected, siteVersion: '2' }))).toBe('foreign');
    // Which of the two it is decides whether it may be deleted.
    expect(errorOf(await one.open(record, { keyDigest: new Uint8Array(16), siteVersion: '2' }))).toContain(
      'another key',
    );
  });

  test('is not changed by opening it, and does not change with what was opened', async () => {
    const record = await sealed(one, Buffer.from('content'));
    const before = record.slice();
    const opened = await one.open(record, expected);
    expect(record).toEqual(before);
    record.fill(0);
    expect(opened).toMatchObject({ value: Buffer.from('content') });
  });
});

test('a record of a codec, a class or a format that this process does not have is foreign', async () => {
  const upper: Serializer = { id: 'upper', encode: () => new Uint8Array(1), decode: () => 1 };
  const other = wire({ serializers: new SerializerSet([upper]) });
  expect((await wire().open(await sealed(other, 1, 'upper'), expected)).kind).toBe('foreign');

  class Here {}
  registerValueClass('here', Here);
  const encoded = wire().encode(new Here());
  const text = new TextDecoder().decode(encoded.data).replace('here', 'gone');
  const elsewhere = await wire().seal({ codec: encoded.codec, data: new TextEncoder().encode(text) }, meta);
  expect((await wire().open(elsewhere, expected)).kind).toBe('foreign');

  const later = writeEnvelope({
    ...meta,
    flags: 64,
    codec: 'json',
    rawLength: 1,
    payload: Uint8Array.of(0x31),
  });
  expect((await wire().open(later, expected)).kind).toBe('foreign');
});

test('a record that its serializer cannot read is corrupt, and says why', async () => {
  const encoded = { codec: 'json', data: new TextEncoder().encode('{"a":') };
  const opened = await wire().open(await wire().seal(encoded, meta), expected);
  expect(opened.kind).toBe('corrupt');
  expect(opened.kind === 'corrupt' && opened.error).toBeInstanceOf(SerializationError);
  expect(errorOf(opened)).toContain("the record cannot be read: serializer 'json' cannot read the data: ");
});

test('a serializer that throws anything at all does not make open reject', async () => {
  for (const thrown of [undefined, null, 'text', 7, {}, Object.create(null)]) {
    const serializers = new SerializerSet([
      {
        id: 'x',
        encode: () => new Uint8Array(1),
        decode: () => {
          throw thrown;
        },
      },
    ]);
    const one = wire({ serializers });
    expect((await one.open(await sealed(one, 1, 'x'), expected)).kind).toBe('corrupt');
  }
});

test('open does not reject whatever it is given', async () => {
  for (const data of [undefined, null, 'text', new Uint8Array(), {}]) {
    expect((await wire().open(data as never, expected)).kind).toBe('corrupt');
  }
});

test('a payload of another length than declared is corrupt', async () => {
  for (const rawLength of [0, 1, 3, 4_000_000]) {
    const record = writeEnvelope({
      ...meta,
      flags: 0,
      codec: 'json',
      rawLength,
      payload: new TextEncoder().encode('12'),
    });
    expect(errorOf(await wire().open(record, expected))).toContain(
      rawLength > 1024 * 1024
        ? `its payload cannot stand for ${rawLength} bytes`
        : `its payload has 2 bytes instead of ${rawLength}`,
    );
  }
});

test('a value larger than maxValueBytes is not read, and left to those who read it', async () => {
  const small = wire({ maxValueBytes: 100 });
  expect((await small.open(await sealed(wire(), 'x'.repeat(98)), expected)).kind).toBe('value');
  for (const compress of [false, true]) {
    const record = await sealed(wire({ compress }), 'x'.repeat(5000));
    const opened = await small.open(record, expected);
    expect(opened).toMatchObject({ kind: 'foreign', error: expect.any(SerializationError) });
    expect(opened.kind === 'foreign' && opened.error?.message).toBe(
      "a record's value takes 5002 bytes, and maxValueBytes is 100",
    );
  }
});

test('seal rejects with what is wrong in the header, and encode refuses at once', async () => {
  await expect(wire().seal(wire().encode(1), { ...meta, ttlMs: Number.NaN })).rejects.toThrow('ttlMs is NaN');
  await expect(wire().seal(wire().encode(1), { ...meta, keyDigest: new Uint8Array(3) })).rejects.toThrow(
    SerializationError,
  );
  expect(() => wire().encode(() => 1)).toThrow('value is a function');
  expect(() => wire().encode(1, 'none')).toThrow(ConfigurationError);
});

test('the payload in the record is that of the serializer, no more', async () => {
  const record = readEnvelope(await sealed(wire(), { a: 1 }));
  expect(record).toMatchObject({
    codec: 'json',
    rawLength: 7,
    payload: new TextEncoder().encode('{"a":1}'),
    ...meta,
  });
});
