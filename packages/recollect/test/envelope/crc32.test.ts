import { crc32 as zlibCrc32 } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { crc32 } from '../../src/model/crc32.js';
import { randomFrom, seed } from '../seed.js';

test.each([
  ['', 0],
  ['a', 0xe8b7be43],
  ['123456789', 0xcbf43926],
  ['The quick brown fox jumps over the lazy dog', 0x414fa339],
])('of %p is what the standard says', (text, sum) => {
  expect(crc32(new TextEncoder().encode(text))).toBe(sum);
});

test(`of any bytes, from any offset and up to any end, is that of zlib (seed ${seed})`, () => {
  const random = randomFrom(seed);
  const memory = Uint8Array.from({ length: 4096 }, () => random() * 256);
  for (let run = 0; run < 500; run++) {
    const start = Math.floor(random() * 20);
    const length = Math.floor(random() * (run < 400 ? 40 : 4000));
    const data = memory.subarray(start, start + length);
    const end = Math.floor(random() * (data.length + 1));
    expect(crc32(data)).toBe(zlibCrc32(data));
    expect(crc32(data, end)).toBe(zlibCrc32(data.subarray(0, end)));
  }
});
