import { expect, test } from '@jest/globals';
import { bytesOfPortableBase64, fromBase64, portableBase64, toBase64 } from '../../src/serializers/base64.js';
import { randomFrom, seed } from '../seed.js';

test(`both ways of base64 say the same (seed ${seed})`, () => {
  const random = randomFrom(seed);
  for (const length of [0, 1, 2, 3, 4, 255, 8191, 8192, 8193, 50_000]) {
    const bytes = Uint8Array.from({ length: length + 3 }, () => random() * 256).subarray(3);
    const text = Buffer.from(bytes).toString('base64');
    expect([toBase64(bytes), portableBase64(bytes)]).toEqual([text, text]);
    for (const decoded of [fromBase64(text), bytesOfPortableBase64(text)]) {
      expect(Buffer.from(bytes).equals(decoded)).toBe(true);
      // A buffer of its own: a view for wider elements can begin at its start.
      expect(decoded.buffer.byteLength).toBe(length);
    }
  }
});
