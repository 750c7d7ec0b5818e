import { appendFileSync, lstatSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { gate } from '@recollect/testing';
import fc from 'fast-check';
import { decodeData, decodeHead, encodeRecord } from '../src/record-format.js';
import { gatedDisk } from './gated-disk.js';
import { bytes, HOUR, look, onlyFile, put, world } from './scratch.js';

const seed = Date.now() % 2 ** 31;
console.info(`corruption.test.ts: seed ${seed}`);

/** Put together from the description of the format by other means. */
const GOLDEN =
  '52434c460100000000008056febc784200002665febc784204000000030000001d80bc557ab95cc46b00e900010203';

async function one(text = 'the value') {
  const place = world();
  const cache = place.open();
  await put(cache, 'key', text);
  const file = onlyFile(place.directory);
  return { ...place, cache, file, good: readFileSync(file) };
}

const exists = (file: string) => lstatSync(file, { throwIfNoEntry: false }) !== undefined;

describe('a damaged record', () => {
  test('reads as a miss whichever bit is flipped, and is removed, unless it looks like another format version', async () => {
    const { cache, file, good } = await one();
    let kept = 0;
    for (let offset = 0; offset < good.length; offset += 1) {
      for (let bit = 0; bit < 8; bit += 1) {
        const bad = Buffer.from(good);
        bad[offset] = (bad[offset] as number) ^ (1 << bit);
        writeFileSync(file, bad);
        if ((await look(cache, 'key')) !== undefined)
          throw new Error(`bit ${bit} of byte ${offset} went unnoticed`);
        if (exists(file)) kept += 1;
      }
    }
    // The four bytes of the version.
    expect(kept).toBe(32);
    writeFileSync(file, good);
    expect(await look(cache, 'key')).toBe('the value');
  });

  test('reads as a miss wherever it is cut off or has something added', async () => {
    const { cache, file, good } = await one();
    for (let length = 0; length < good.length; length += 1) {
      writeFileSync(file, good);
      truncateSync(file, length);
      if ((await look(cache, 'key')) !== undefined) throw new Error(`cut to ${length} bytes`);
      if (exists(file)) throw new Error(`cut to ${length} bytes and left`);
    }
    writeFileSync(file, good);
    appendFileSync(file, '\0');
    expect(await look(cache, 'key')).toBeUndefined();
  });

  test('is not scanned when its head is damaged, and does not stop the scan', async () => {
    const { cache, file, good } = await one();
    await put(cache, 'other', 'v');
    good[41] = 0xff;
    writeFileSync(file, good);
    const keys: string[] = [];
    for await (const key of cache.scan('')) keys.push(key);
    expect(keys).toEqual(['other']);
    expect(await cache.clear('')).toBe(1);
    expect(exists(file)).toBe(false);
  });

  test('gives way to an add', async () => {
    const { cache, file, good } = await one();
    writeFileSync(file, good.subarray(0, 50));
    const added = await cache.add({ key: 'key', data: bytes('new'), ttlMs: HOUR });
    expect(Buffer.from(added).toString()).toBe('new');
    expect(await look(cache, 'key')).toBe('new');
  });

  test('that is replaced by a good one while it is being judged costs the good one nothing', async () => {
    const { cache, file, open, good } = await one();
    writeFileSync(file, good.subarray(0, 50));
    const moving = gate();
    const slow = open({}, { disk: gatedDisk('rename', moving) });
    const reading = look(slow, 'key');
    await moving.arrived;
    await put(cache, 'key', 'newer');
    moving.open();
    expect(await reading).toBeUndefined();
    expect(await look(cache, 'key')).toBe('newer');
  });
});

test('a record whose key is not the one asked for is a miss and is left alone', async () => {
  const { cache, file, good } = await one();
  const other = encodeRecord('another key', bytes('its value'), Date.now(), Number.POSITIVE_INFINITY);
  writeFileSync(file, other);
  expect(await look(cache, 'key')).toBeUndefined();
  expect(await cache.deleteIfEqual('key', bytes('its value'))).toBe(false);
  expect(readFileSync(file).equals(other)).toBe(true);
  expect(good.length).toBeGreaterThan(0);
});

describe('a record of another version of the format', () => {
  const foreign = (good: Buffer) => {
    const file = Buffer.from(good);
    file.writeUInt32LE(2, 4);
    return file;
  };

  test('is a miss and is left alone, also by a sweep and by a clear of a prefix', async () => {
    const { cache, file, good, open } = await one();
    writeFileSync(file, foreign(good));
    expect(await look(cache, 'key')).toBeUndefined();
    expect(await cache.clear('key')).toBe(0);
    await put(open(), 'other', 'v');
    expect(readFileSync(file).equals(foreign(good))).toBe(true);
  });

  test('is overwritten, added over, deleted and cleared', async () => {
    const { cache, file, good } = await one();
    writeFileSync(file, foreign(good));
    await cache.add({ key: 'key', data: bytes('added'), ttlMs: HOUR });
    expect(await look(cache, 'key')).toBe('added');
    writeFileSync(file, foreign(good));
    await put(cache, 'key', 'written');
    expect(await look(cache, 'key')).toBe('written');
    writeFileSync(file, foreign(good));
    await cache.delete(['key']);
    expect(exists(file)).toBe(false);
    writeFileSync(file, foreign(good));
    await cache.clear('');
    expect(exists(file)).toBe(false);
  });
});

describe('the format', () => {
  test('gives back what was put in', () => {
    const number = fc.double({ noNaN: true });
    const property = fc.property(
      fc.string({ unit: 'binary' }),
      fc.uint8Array(),
      number,
      number,
      (key, data, from, to) => {
        const file = encodeRecord(key, data, from, to);
        const head = decodeHead(file, file.length);
        if (typeof head === 'string') throw new Error(head);
        expect(head).toMatchObject({ key, writtenAt: from, expiresAt: to });
        expect(decodeData(file, head)).toEqual(data);
      },
    );
    fc.assert(property, { seed });
  });

  test('is what it was: a file of version 1, byte for byte', () => {
    const file = encodeRecord('k\u00e9', Uint8Array.of(1, 2, 3), 1_700_000_000_000, 1_700_000_060_000);
    expect(file.toString('hex')).toBe(GOLDEN);
  });

  test('never throws, whatever the bytes', () => {
    const start = encodeRecord('key', bytes('v'), 1, 2).subarray(0, 8);
    const property = fc.property(fc.uint8Array({ maxLength: 120 }), fc.boolean(), (noise, magic) => {
      const file = Buffer.concat(magic ? [start, noise] : [noise]);
      expect(['corrupt', 'foreign']).toContain(decodeHead(file, file.length));
    });
    fc.assert(property, { seed, numRuns: 2_000 });
  });
});
