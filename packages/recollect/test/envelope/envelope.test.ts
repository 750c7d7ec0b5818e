import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { crc32 } from '../../src/model/crc32.js';
import { type Envelope, frame, readEnvelope, writeEnvelope, writeHeader } from '../../src/model/envelope.js';
import { SerializationError } from '../../src/model/errors.js';
import { seed } from '../seed.js';

const digest = Uint8Array.from({ length: 16 }, (_, i) => 0xa0 + i);
const sample: Envelope = {
  flags: 0,
  codec: 'json',
  siteVersion: 'v2',
  keyDigest: digest,
  ttlMs: 60_000,
  versions: ['abc', 'é'],
  rawLength: 7,
  payload: new TextEncoder().encode('{"a":1}'),
};

/** The data under a new CRC: what a release that meant it would have written. */
function meant(data: Uint8Array): Uint8Array {
  const copy = data.slice();
  new DataView(copy.buffer).setUint32(copy.length - 4, crc32(copy, copy.length - 4));
  return copy;
}

test('the layout of format 1, to the byte', () => {
  const hex = [
    'f7524543 01 00 40ed4c0000000000 00000007 a0a1a2a3a4a5a6a7a8a9aaabacadaeaf',
    '04 6a736f6e 0002 7632 0002 03 616263 02 c3a9',
    '7b2261223a317d',
  ]
    .join('')
    .replaceAll(' ', '');
  const body = Buffer.from(hex, 'hex');
  expect(Buffer.from(writeEnvelope(sample)).toString('hex')).toBe(
    `${hex}${crc32(body).toString(16).padStart(8, '0')}`,
  );
});

const ascii = fc.string({ maxLength: 40 });
const anyText = fc.string({ unit: 'grapheme', maxLength: 40 });
const envelope: fc.Arbitrary<Envelope> = fc.record({
  flags: fc.nat(7),
  codec: fc.oneof(ascii, anyText),
  siteVersion: fc.oneof(ascii, anyText, fc.constant('x'.repeat(65_535)), fc.constant('\ufeffbom')),
  keyDigest: fc.uint8Array({ minLength: 16, maxLength: 16 }),
  ttlMs: fc.oneof(fc.nat(), fc.constantFrom(0, 1, 315_360_000_000, Number.POSITIVE_INFINITY, 0.5)),
  versions: fc.array(fc.oneof(ascii, anyText, fc.constant('y'.repeat(255))), { maxLength: 5 }),
  rawLength: fc.oneof(fc.nat(), fc.constant(0xffff_ffff)),
  payload: fc.uint8Array({ maxLength: 100 }),
});

test(`what is written is read (seed ${seed})`, () => {
  fc.assert(
    fc.property(envelope, fc.nat(9), (one, offset) => {
      const data = writeEnvelope(one);
      // As a view into something larger, as it comes from a socket.
      const larger = new Uint8Array(data.length + 20).fill(0xff);
      larger.set(data, offset);
      const read = readEnvelope(larger.subarray(offset, offset + data.length));
      expect(read).toEqual(one);
      expect(readEnvelope(Buffer.from(data))).toMatchObject({ codec: one.codec, versions: one.versions });
    }),
    { seed, numRuns: 1_000 },
  );
});

describe('a record of another release', () => {
  test('is foreign when it is of another format, whatever follows', () => {
    for (const format of [0, 2, 255]) {
      const data = writeEnvelope(sample);
      data[4] = format;
      expect(readEnvelope(meant(data))).toBe('foreign');
      expect(readEnvelope(data)).toBe('corrupt');
    }
    // As short as a format can be.
    expect(readEnvelope(meant(Uint8Array.of(0xf7, 0x52, 0x45, 0x43, 2, 0, 0, 0, 0)))).toBe('foreign');
  });

  test('is foreign when it has flags of its own', () => {
    for (let flags = 8; flags < 256; flags *= 2)
      expect(readEnvelope(writeEnvelope({ ...sample, flags }))).toBe('foreign');
  });
});

describe('corrupt is', () => {
  const data = writeEnvelope(sample);

  test('everything that was cut short, or has something behind it', () => {
    for (let length = 0; length < data.length; length++) {
      expect(readEnvelope(data.subarray(0, length))).toBe('corrupt');
      expect(readEnvelope(data.subarray(data.length - length))).toBe('corrupt');
    }
    expect(readEnvelope(Uint8Array.of(...data, 0))).toBe('corrupt');
  });

  test('every single bit that flipped', () => {
    for (let bit = 0; bit < data.length * 8; bit++) {
      const flipped = data.slice();
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(readEnvelope(flipped)).toBe('corrupt');
    }
  });

  test('a length within that leads out of the record, under a right CRC', () => {
    const header = writeHeader({ ...sample, versions: [] });
    // Codec, site version, number of versions: each declares more than there is.
    for (const [at, bytes] of [
      [34, [255]],
      [39, [255, 255]],
      [43, [255, 255]],
    ] as const) {
      const changed = header.slice();
      changed.set(bytes, at);
      expect(readEnvelope(frame(changed, new Uint8Array(10)))).toBe('corrupt');
    }
    for (let length = 5; length < header.length; length++) {
      expect(readEnvelope(frame(header.subarray(0, length), new Uint8Array()))).toBe('corrupt');
    }
    expect(readEnvelope(frame(header, new Uint8Array()))).toMatchObject({ payload: new Uint8Array() });
  });

  test('text that is no UTF-8, and a life that is none, under a right CRC', () => {
    const text = writeHeader(sample);
    text[35] = 0xff;
    expect(readEnvelope(frame(text, sample.payload))).toBe('corrupt');
    for (const ttlMs of [Number.NaN, -1, Number.NEGATIVE_INFINITY]) {
      const life = writeHeader(sample);
      new DataView(life.buffer).setFloat64(6, ttlMs);
      expect(readEnvelope(frame(life, sample.payload))).toBe('corrupt');
    }
  });

  test('whatever else may lie there', () => {
    for (const other of ['', '{"a":1}', 'REC', '\x80\x02}q\x00.', 'x'.repeat(1000)]) {
      expect(readEnvelope(new TextEncoder().encode(other))).toBe('corrupt');
    }
    for (const no of [undefined, null, 'text', 7, {}, { length: 1e9 }])
      expect(readEnvelope(no as never)).toBe('corrupt');
  });
});

test.each<[string, Partial<Envelope>]>([
  ['ttlMs is NaN', { ttlMs: Number.NaN }],
  ['ttlMs is -1', { ttlMs: -1 }],
  ['rawLength is -1', { rawLength: -1 }],
  ['rawLength is 0.5', { rawLength: 0.5 }],
  ['rawLength is 4294967296', { rawLength: 2 ** 32 }],
  ['length of keyDigest is 15', { keyDigest: digest.subarray(1) }],
  ["bytes of codec 'éé", { codec: 'é'.repeat(128) }],
  ["bytes of siteVersion 'xx", { siteVersion: 'x'.repeat(65_536) }],
  ["bytes of version 'yy", { versions: ['ok', 'y'.repeat(256)] }],
  ['number of versions is 65536', { versions: new Array(65_536).fill('') as string[] }],
  ['siteVersion is ', { siteVersion: 'half \ud800 of it' }],
])('a record is not written when %s', (message, part) => {
  const attempt = (): unknown => writeEnvelope({ ...sample, ...part });
  expect(attempt).toThrow(SerializationError);
  expect(attempt).toThrow(message);
});
