import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { keySlot } from '../../src/route/key-slot.js';
import { CrossSlotError, slotOfAll } from '../../src/route/slot-of-all.js';

/** Bit by bit, as CRC-16/XMODEM is defined. */
function crc16(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    for (let bit = 7; bit >= 0; bit--) {
      const carry = ((crc >> 15) & 1) ^ ((byte >> bit) & 1);
      crc = ((crc << 1) & 0xffff) ^ (carry ? 0x1021 : 0);
    }
  }
  return crc;
}

const slotOfBytes = (text: string) => crc16(Buffer.from(text)) % 16_384;

describe('the slot of a key', () => {
  test('is that of the examples in the specification', () => {
    expect(crc16(Buffer.from('123456789'))).toBe(0x31c3);
    expect(keySlot('123456789')).toBe(0x31c3);
    expect(keySlot('foo')).toBe(12_182);
    expect(keySlot('')).toBe(0);
  });

  test.each([
    ['{user1000}.following', 'user1000'],
    ['{user1000}.followers', 'user1000'],
    // An empty tag is none, and no other counts after it.
    ['foo{}{bar}', 'foo{}{bar}'],
    ['{}{user1000}', '{}{user1000}'],
    ['foo{{bar}}zap', '{bar'],
    ['foo{bar}{zap}', 'bar'],
    ['foo}{bar', 'foo}{bar'],
    ['}foo{bar}', 'bar'],
    ['{ünïcode}:1', 'ünïcode'],
    ['schön', 'schön'],
    ['😀{😀}', '😀'],
  ])('%p: of %p', (key, hashed) => {
    expect(keySlot(key)).toBe(slotOfBytes(hashed));
    expect(keySlot(Buffer.from(key))).toBe(slotOfBytes(hashed));
  });

  test('is the same for a text and its bytes, whatever it is', () => {
    const seed = Date.now() & 0x7fff_ffff;
    const piece = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('{', '}', 'a', 'ß'));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const key = pieces.join('');
        expect(keySlot(key)).toBe(keySlot(Buffer.from(key)));
        if (!key.includes('{')) expect(keySlot(key)).toBe(slotOfBytes(key));
      }),
      { seed, numRuns: 200, verbose: true },
    );
  });
});

describe('the slot of several keys', () => {
  test('is that of each', () => {
    expect(slotOfAll('foo')).toBe(12_182);
    expect(slotOfAll(['{foo}1', 'foo', '{foo}2'])).toBe(12_182);
  });

  test('does not exist where they lie apart, and two of them are named', () => {
    expect(() => slotOfAll(['{a}1', '{a}2', 'b"'])).toThrow(CrossSlotError);
    expect(() => slotOfAll(['{a}1', '{a}2', 'b"'])).toThrow(
      /"\{a\}1" lies in slot 15495 and "b\\"" in slot \d+/,
    );
  });
});
