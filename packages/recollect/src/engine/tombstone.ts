import { platform } from '../model/platform.js';

/** Like that of an envelope, but for the last letter: no envelope is taken for a tombstone, nor the other way round. */
const MAGIC = [0xf7, 0x52, 0x45, 0x54] as const;
const LENGTH = MAGIC.length + 16;

/** What an invalidation leaves in a value's place: unlike any other, so that each is told from the one before. */
export function freshTombstone(): Uint8Array {
  const data = platform.crypto.getRandomValues(new Uint8Array(LENGTH));
  data.set(MAGIC);
  return data;
}

export function isTombstone(data: Uint8Array): boolean {
  return data.length === LENGTH && MAGIC.every((byte, at) => data[at] === byte);
}
