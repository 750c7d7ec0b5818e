/** Data that shows by itself whether it is of one piece: the same sixteen bytes over and over. */
export function block(size: number, writer: number, sequence: number): Buffer {
  const pattern = Buffer.alloc(16);
  pattern.writeUInt32LE(writer, 0);
  pattern.writeUInt32LE(sequence, 4);
  pattern.writeUInt32LE(~sequence >>> 0, 8);
  pattern.writeUInt32LE(size, 12);
  return Buffer.alloc(size, pattern);
}

/** True when a block was cut, or put together from two. */
export function isTorn(data: Uint8Array): boolean {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.length);
  if (bytes.length < 16 || bytes.readUInt32LE(12) !== bytes.length) return true;
  return bytes.compare(bytes, 16, bytes.length, 0, bytes.length - 16) !== 0;
}
