import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { digest, digestHex } from '../../src/keys/digest.js';

const TEXTS = [
  '',
  'a',
  'é',
  '\ud800',
  '\ud801',
  '\ufffd',
  '\ud83d\ude00',
  '\0',
  'ab',
  '\u6162',
  'x'.repeat(262_144),
];

test.each(TEXTS.map((text) => [JSON.stringify(text).slice(0, 20), text]))(
  '%s: the first half of SHA-256 over UTF-16 units, high byte first',
  (_, text) => {
    const units = Buffer.from(text, 'utf16le').swap16();
    const expected = createHash('sha256').update(units).digest('hex').slice(0, 32);
    expect(digestHex(text)).toBe(expected);
    expect(Buffer.from(digest(text)).toString('hex')).toBe(expected);
  },
);

test('every text has its own', () => {
  expect(new Set(TEXTS.map(digestHex)).size).toBe(TEXTS.length);
});

test('the bytes stand alone: a holder of the digest does not hold on to a larger buffer', () => {
  expect(digest('a').buffer.byteLength).toBe(16);
});
