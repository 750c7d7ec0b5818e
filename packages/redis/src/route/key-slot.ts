/** How many slots the keys of a cluster are spread over. */
export const SLOTS = 16_384;

/** CRC-16/XMODEM (polynomial 0x1021), one entry per byte. */
const CRC = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1;
  return crc;
});

/**
 * The slot of a key: CRC16 of its hash tag, or of all of it where it has none. A tag is what stands between the first `{` and
 * the first `}` after that, unless it is empty (Redis Cluster specification, "Hash tags"). O(length).
 */
export function keySlot(key: string | Buffer): number {
  const open = key.indexOf('{');
  const close = open < 0 ? -1 : key.indexOf('}', open + 1);
  const [from, end] = close > open + 1 ? [open + 1, close] : [0, key.length];
  if (typeof key !== 'string') return crcOf(key.subarray(from, end)) % SLOTS;
  let crc = 0;
  for (let at = from; at < end; at++) {
    const unit = key.charCodeAt(at);
    // Servers hash bytes: what is not ASCII has more of them than units.
    if (unit > 0x7f) return crcOf(Buffer.from(key.slice(from, end))) % SLOTS;
    crc = next(crc, unit);
  }
  return crc % SLOTS;
}

function crcOf(bytes: Uint8Array): number {
  return bytes.reduce(next, 0);
}

function next(crc: number, byte: number): number {
  return ((crc << 8) & 0xffff) ^ (CRC[(crc >> 8) ^ byte] as number);
}
