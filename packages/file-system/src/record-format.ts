import { crc32 } from 'node:zlib';

/**
 * A record file, all numbers little-endian:
 *
 * ```text
 *  0  magic "RCLF"      4     24  bytes of the key    4     36  CRC-32 of 0…35 and the key   4
 *  4  format version    4     28  bytes of the data   4     40  the key, UTF-16
 *  8  written at, ms    8     32  CRC-32 of the data  4      …  the data, to the end of the file
 * 16  expires at, ms    8
 * ```
 *
 * Times are wall-clock milliseconds as 64-bit floats (`Infinity`: no end). The head has a checksum of its own because
 * scans read no data. CRC-32 as in zlib and RFC 1952.
 */
const MAGIC = 0x464c4352;
const VERSION = 1;
const FIXED = 40;
const HEAD_CRC_AT = 36;

export interface RecordHead {
  readonly key: string;
  readonly writtenAt: number;
  readonly expiresAt: number;
  readonly dataAt: number;
  readonly dataBytes: number;
  readonly dataCrc: number;
}

/** `corrupt`: damaged or cut short. `foreign`: of another version of this format, not ours to judge. */
export type Unreadable = 'corrupt' | 'foreign';

/** The whole file of a record. The data is copied: the caller may do with it what it wants. */
export function encodeRecord(key: string, data: Uint8Array, writtenAt: number, expiresAt: number): Buffer {
  const keyBytes = Buffer.from(key, 'utf16le');
  const file = Buffer.allocUnsafe(FIXED + keyBytes.length + data.length);
  file.writeUInt32LE(MAGIC, 0);
  file.writeUInt32LE(VERSION, 4);
  file.writeDoubleLE(writtenAt, 8);
  file.writeDoubleLE(expiresAt, 16);
  file.writeUInt32LE(keyBytes.length, 24);
  file.writeUInt32LE(data.length, 28);
  file.set(keyBytes, FIXED);
  file.set(data, FIXED + keyBytes.length);
  file.writeUInt32LE(crc32(file.subarray(FIXED + keyBytes.length)), 32);
  file.writeUInt32LE(headCrc(file, keyBytes.length), HEAD_CRC_AT);
  return file;
}

/** How many bytes the head has, going by its first ones; what they say is not checked yet. */
export function headLength(start: Buffer): number {
  return start.length < FIXED ? FIXED : FIXED + start.readUInt32LE(24);
}

/** The head, from bytes that begin a file of `size` bytes. */
export function decodeHead(start: Buffer, size: number): RecordHead | Unreadable {
  if (start.length < 8 || start.readUInt32LE(0) !== MAGIC) return 'corrupt';
  if (start.readUInt32LE(4) !== VERSION) return 'foreign';
  const dataAt = headLength(start);
  if (start.length < dataAt) return 'corrupt';
  if (headCrc(start, dataAt - FIXED) !== start.readUInt32LE(HEAD_CRC_AT)) return 'corrupt';
  const dataBytes = start.readUInt32LE(28);
  if (dataAt + dataBytes !== size) return 'corrupt';
  return {
    key: start.toString('utf16le', FIXED, dataAt),
    writtenAt: start.readDoubleLE(8),
    expiresAt: start.readDoubleLE(16),
    dataAt,
    dataBytes,
    dataCrc: start.readUInt32LE(32),
  };
}

/** The data of a whole file, or `undefined` when it is not what was written. */
export function decodeData(file: Buffer, head: RecordHead): Uint8Array | undefined {
  const data = new Uint8Array(file.buffer, file.byteOffset + head.dataAt, head.dataBytes);
  return crc32(data) === head.dataCrc ? data : undefined;
}

function headCrc(file: Buffer, keyBytes: number): number {
  return crc32(file.subarray(FIXED, FIXED + keyBytes), crc32(file.subarray(0, HEAD_CRC_AT)));
}
