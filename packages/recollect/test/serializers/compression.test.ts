import { once } from 'node:events';
import { createDeflate, deflateSync, gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { readEnvelope, writeEnvelope } from '../../src/model/envelope.js';
import { ConfigurationError } from '../../src/model/errors.js';
import { type CompressOption, deflate, inflate } from '../../src/serializers/compression.js';
import { SerializerSet } from '../../src/serializers/serializer-set.js';
import { Wire } from '../../src/serializers/wire.js';
import { randomFrom, seed } from '../seed.js';

const keyDigest = new Uint8Array(16);
const meta = { keyDigest, siteVersion: '', ttlMs: 1, versions: [] };
const serializers = new SerializerSet();

async function record(value: unknown, compress?: CompressOption): Promise<Uint8Array> {
  const wire = new Wire({ serializers, ...(compress === undefined ? {} : { compress }) });
  return wire.seal(wire.encode(value), meta);
}
async function flagsOf(value: unknown, compress?: CompressOption): Promise<number | undefined> {
  const envelope = readEnvelope(await record(value, compress));
  return typeof envelope === 'string' ? undefined : envelope.flags;
}
const random = randomFrom(seed);
const noise = (length: number): Uint8Array => Uint8Array.from({ length }, () => random() * 256);

test('nothing is compressed unless asked for, from the threshold on', async () => {
  // As JSON two characters longer.
  const text = (length: number): string => 'x'.repeat(length - 2);
  for (const compress of [undefined, false] as const) expect(await flagsOf(text(100_000), compress)).toBe(0);
  for (const compress of [true, {}] as const) {
    expect(await flagsOf(text(1023), compress)).toBe(0);
    expect(await flagsOf(text(1024), compress)).toBe(1);
  }
  expect(await flagsOf(text(99), { thresholdBytes: 100 })).toBe(0);
  expect(await flagsOf(text(100), { thresholdBytes: 100 })).toBe(1);
});

test('a record without the option is read with it, and the other way round', async () => {
  const value = { text: 'again and '.repeat(500) };
  for (const [write, read] of [
    [true, false],
    [false, true],
  ] as const) {
    const opened = await new Wire({ serializers, compress: read }).open(await record(value, write), meta);
    expect(opened).toMatchObject({ kind: 'value', value });
  }
  expect((await record(value, true)).length).toBeLessThan(200);
});

test(`what does not become shorter stays as it is (seed ${seed})`, async () => {
  for (const length of [0, 1, 2, 100, 5_000, 300_000]) expect(await deflate(noise(length))).toBeUndefined();
  expect(await flagsOf('', { thresholdBytes: 0 })).toBe(0);
  expect(await flagsOf(Buffer.from(noise(3000)).toString('latin1'), true)).toBe(1);
});

test(`any data comes back (seed ${seed})`, async () => {
  for (let run = 0; run < 60; run++) {
    const raw = new Uint8Array(Math.floor(random() * 200_000));
    raw.set(noise(Math.floor(random() * Math.min(raw.length, 20_000))));
    const small = await deflate(raw);
    if (small === undefined) continue;
    expect(small.length).toBeLessThan(raw.length);
    expect(Buffer.from(await inflate(small, raw.length)).equals(raw)).toBe(true);
  }
});

test('another length than declared is refused, and so is damage', async () => {
  const raw = new TextEncoder().encode('again and '.repeat(5000));
  const small = deflateSync(raw);
  for (const length of [0, 1, raw.length - 1, raw.length + 1, 10_000_000, 0xffff_ffff]) {
    await expect(inflate(small, length)).rejects.toThrow(
      `the data is not ${length} bytes long when decompressed`,
    );
  }
  for (const bad of [small.subarray(0, -6), small.subarray(3), gzipSync(raw), raw, new Uint8Array()]) {
    await expect(inflate(bad, raw.length)).rejects.toThrow();
  }
});

/** A zlib stream of zeros, made without ever having them all in memory. */
async function bombOf(mebibytes: number): Promise<Uint8Array> {
  const stream = createDeflate({ level: 9 });
  const chunks: Uint8Array[] = [];
  stream.on('data', (chunk: Uint8Array) => chunks.push(chunk));
  const zeros = new Uint8Array(1024 * 1024);
  for (let i = 0; i < mebibytes; i++) if (!stream.write(zeros)) await once(stream, 'drain');
  stream.end();
  await once(stream, 'end');
  return Buffer.concat(chunks);
}

test('a bomb of 300 MB takes no more memory than it declares', async () => {
  const bomb = await bombOf(300);
  expect(bomb.length).toBeLessThan(400_000);
  const wire = new Wire({ serializers, maxValueBytes: 1024 * 1024 });
  const recordOf = (rawLength: number): Uint8Array =>
    writeEnvelope({ ...meta, flags: 1, codec: 'json', rawLength, payload: bomb });
  const warm = await bombOf(2);
  await wire.open(writeEnvelope({ ...meta, flags: 1, codec: 'json', rawLength: 1000, payload: warm }), meta);
  // Declared small, as large as allowed, as it is, and larger than such a stream can be.
  for (const rawLength of [1000, 1024 * 1024, 300 * 1024 * 1024, 0xffff_ffff]) {
    const data = recordOf(rawLength);
    const start = process.memoryUsage().rss;
    let most = start;
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage().rss);
    }, 1);
    const opened = await wire.open(data, meta);
    clearInterval(watch);
    most = Math.max(most, process.memoryUsage().rss);
    // What it would really take may be within the limit of another process.
    expect(opened.kind).toBe(rawLength === 300 * 1024 * 1024 ? 'foreign' : 'corrupt');
    expect(most - start).toBeLessThan(16 * 1024 * 1024);
  }
});

test.each<[unknown, string]>([
  ['yes', '"yes"'],
  [1, '1'],
  [null, 'null'],
  [{ thresholdBytes: -1 }, '{"thresholdBytes":-1}'],
  [{ thresholdBytes: 1.5 }, '{"thresholdBytes":1.5}'],
  [{ thresholdBytes: '1' }, '{"thresholdBytes":"1"}'],
])('compress is not %p', (compress, shown) => {
  const make = (): Wire => new Wire({ serializers, compress: compress as CompressOption });
  expect(make).toThrow(ConfigurationError);
  expect(make).toThrow(
    `compress is ${shown}; it accepts true, false or { thresholdBytes: whole bytes from 0 }`,
  );
});
