import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

/** Bytes of a digest: 128 bits, so that a collision is out of reach even for someone who chooses the texts. */
const LENGTH = 16;

/**
 * The first 128 bits of SHA-256 (FIPS 180-4) over the UTF-16 units of the text, high byte first. Over units and not UTF-8,
 * in which all lone surrogates become the same replacement character.
 */
export function digest(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 2);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    bytes[2 * i] = unit >>> 8;
    bytes[2 * i + 1] = unit & 0xff;
  }
  return sha256(bytes).slice(0, LENGTH);
}

/** {@link digest} as 32 lower-case hex digits. */
export function digestHex(text: string): string {
  return bytesToHex(digest(text));
}
