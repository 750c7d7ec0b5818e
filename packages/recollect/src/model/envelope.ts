import { crc32 } from './crc32.js';
import { EnvelopeCursor } from './envelope-cursor.js';
import { encodeText } from './envelope-text.js';
import { SerializationError } from './errors.js';

/** "REC" behind a byte that begins no UTF-8 text, no gzip, zlib or zstd stream and no MessagePack map or array. */
const MAGIC = [0xf7, 0x52, 0x45, 0x43] as const;
const FORMAT = 1;

/** Length of a key digest in bytes. */
const DIGEST_BYTES = 16;
/** Magic, format, flags, ttl, raw length, key digest. */
const FIXED_BYTES = 4 + 1 + 1 + 8 + 4 + DIGEST_BYTES;
const CRC_BYTES = 4;
/** What every format has: magic, format, CRC. */
const LEAST_BYTES = 5 + CRC_BYTES;

/** What was done to the payload, as bits of {@link EnvelopeHeader.flags}, in this order. */
export const ENVELOPE_FLAGS = Object.freeze({ deflated: 1, signed: 2, encrypted: 4 });
const KNOWN_FLAGS = ENVELOPE_FLAGS.deflated | ENVELOPE_FLAGS.signed | ENVELOPE_FLAGS.encrypted;

/** Everything about a record but its payload. */
export interface EnvelopeHeader {
  /** {@link ENVELOPE_FLAGS}, added up. */
  readonly flags: number;
  /** Id of the serializer; at most 255 bytes. */
  readonly codec: string;
  /** Version of the site that wrote the record; at most 65 535 bytes. */
  readonly siteVersion: string;
  /** 16 bytes; a record that was delivered for another key is told by them. */
  readonly keyDigest: Uint8Array;
  /** The life it was written with in milliseconds, `Infinity` for no end. A duration: no clock of the writer is in it. */
  readonly ttlMs: number;
  /** Ids of the versions the value was built under; at most 65 535 of at most 255 bytes each. */
  readonly versions: readonly string[];
  /** Bytes of the payload before compression and protection. */
  readonly rawLength: number;
}

/** A record of the shared tier, taken apart. */
export interface Envelope extends EnvelopeHeader {
  readonly payload: Uint8Array;
}

/**
 * The bytes of a record before its payload, in format 1. All numbers are big-endian; texts are UTF-8 behind their length
 * in bytes.
 *
 * | bytes | what |
 * |---|---|
 * | 4 | magic `F7 52 45 43` |
 * | 1 | format, 1 |
 * | 1 | flags |
 * | 8 | ttl in ms, IEEE 754 double |
 * | 4 | raw length of the payload |
 * | 16 | key digest |
 * | 1 + n | codec |
 * | 2 + n | site version |
 * | 2, then 1 + n each | dependency versions |
 *
 * Then follow the payload and, in the last 4 bytes, the CRC-32 of all bytes before them. Magic, format and CRC lie where
 * they are in every format to come: so that a release can tell a record of a later one from a damaged one.
 *
 * @throws SerializationError for a field out of its bounds, and for text that UTF-8 cannot carry.
 */
export function writeHeader(header: EnvelopeHeader): Uint8Array {
  const { flags, ttlMs, rawLength, keyDigest, codec, siteVersion, versions } = header;
  if (!(ttlMs >= 0)) throw outOfBounds('ttlMs', ttlMs);
  if (!Number.isInteger(rawLength) || rawLength < 0 || rawLength > 0xffff_ffff)
    throw outOfBounds('rawLength', rawLength);
  if (keyDigest.length !== DIGEST_BYTES) throw outOfBounds('length of keyDigest', keyDigest.length);
  if (versions.length > 0xffff) throw outOfBounds('number of versions', versions.length);
  const codecBytes = headerText(codec, 'codec', 0xff);
  const siteBytes = headerText(siteVersion, 'siteVersion', 0xffff);
  const versionBytes = versions.map((version) => headerText(version, 'version', 0xff));
  let length = FIXED_BYTES + 1 + codecBytes.length + 2 + siteBytes.length + 2;
  for (const bytes of versionBytes) length += 1 + bytes.length;

  const data = new Uint8Array(length);
  const view = new DataView(data.buffer);
  data.set(MAGIC);
  data[4] = FORMAT;
  data[5] = flags;
  view.setFloat64(6, ttlMs);
  view.setUint32(14, rawLength);
  data.set(keyDigest, 18);
  let at = FIXED_BYTES;
  data[at++] = codecBytes.length;
  data.set(codecBytes, at);
  at += codecBytes.length;
  view.setUint16(at, siteBytes.length);
  data.set(siteBytes, at + 2);
  at += 2 + siteBytes.length;
  view.setUint16(at, versionBytes.length);
  at += 2;
  for (const bytes of versionBytes) {
    data[at++] = bytes.length;
    data.set(bytes, at);
    at += bytes.length;
  }
  return data;
}

/** A whole record: header, payload, CRC-32. */
export function frame(header: Uint8Array, payload: Uint8Array): Uint8Array {
  const end = header.length + payload.length;
  const data = new Uint8Array(end + CRC_BYTES);
  data.set(header);
  data.set(payload, header.length);
  new DataView(data.buffer).setUint32(end, crc32(data, end));
  return data;
}

/** @throws SerializationError as {@link writeHeader} does. */
export function writeEnvelope(envelope: Envelope): Uint8Array {
  return frame(writeHeader(envelope), envelope.payload);
}

/**
 * The parts of a record. The payload is a view into `data`, and so is the digest. `foreign`: undamaged, but of a format or
 * with flags that another release knows. `corrupt`: anything else that this function would not have written.
 *
 * Never throws, never reads beyond `data`, and allocates no more than the texts in it take. O(n) for the CRC.
 */
export function readEnvelope(data: Uint8Array): Envelope | 'foreign' | 'corrupt' {
  try {
    return parse(data);
  } catch {
    // Text that is not UTF-8.
    return 'corrupt';
  }
}

function parse(data: Uint8Array): Envelope | 'foreign' | 'corrupt' {
  if (data.length < LEAST_BYTES || MAGIC.some((byte, at) => data[at] !== byte)) return 'corrupt';
  const end = data.length - CRC_BYTES;
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  if (view.getUint32(end) !== crc32(data, end)) return 'corrupt';
  if (data[4] !== FORMAT) return 'foreign';
  if (end < FIXED_BYTES) return 'corrupt';
  const flags = data[5] as number;
  if ((flags & ~KNOWN_FLAGS) !== 0) return 'foreign';
  const ttlMs = view.getFloat64(6);
  const cursor = new EnvelopeCursor(data, FIXED_BYTES, end);
  const codec = cursor.text(cursor.uint8());
  const siteVersion = cursor.text(cursor.uint16());
  const versions: string[] = [];
  for (let left = cursor.uint16(); left > 0 && !cursor.overrun; left--)
    versions.push(cursor.text(cursor.uint8()));
  if (cursor.overrun || !(ttlMs >= 0)) return 'corrupt';
  return {
    flags,
    codec,
    siteVersion,
    keyDigest: data.subarray(18, FIXED_BYTES),
    ttlMs,
    versions,
    rawLength: view.getUint32(14),
    payload: cursor.rest(),
  };
}

function headerText(text: string, field: string, most: number): Uint8Array {
  const bytes = encodeText(text);
  if (bytes.length > most) throw outOfBounds(`bytes of ${field} '${text.slice(0, 40)}…'`, bytes.length, most);
  // It would come back as another text, and the record be taken for somebody else's.
  if (/\p{Surrogate}/u.test(text)) throw outOfBounds(field, `'${text}' with half of a surrogate pair`);
  return bytes;
}

function outOfBounds(field: string, value: number | string, most?: number): SerializationError {
  const bound = most === undefined ? '' : `; at most ${most} fit`;
  return new SerializationError(`a record cannot be written: ${field} is ${value}${bound}`);
}
