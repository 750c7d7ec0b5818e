import { ENVELOPE_FLAGS, type Envelope, frame, readEnvelope, writeHeader } from '../model/envelope.js';
import { ConfigurationError, SerializationError } from '../model/errors.js';
import { type CompressOption, compressionThreshold, deflate, inflate } from './compression.js';
import { Protection, type ProtectOption, UnknownKeyError } from './protection.js';
import type { Encoded, SerializerSet } from './serializer-set.js';
import { UnknownClassError } from './value-classes.js';

export interface WireOptions {
  readonly serializers: SerializerSet;
  /** Default: nothing is compressed. What somebody else compressed is read all the same. */
  readonly compress?: CompressOption;
  /** Default: records are neither signed nor encrypted. With it, no other record is read. */
  readonly protect?: ProtectOption;
  /** Larger values are not read. Default: 64 MiB. */
  readonly maxValueBytes?: number;
}

/** What a record says about its value. */
export interface RecordMeta {
  /** Digest of the key it lies under, 16 bytes. */
  readonly keyDigest: Uint8Array;
  readonly siteVersion: string;
  /** The life it is written with in milliseconds; `Infinity` for no end. */
  readonly ttlMs: number;
  /** Ids of the versions the value was built under. */
  readonly versions: readonly string[];
}

/** What the reader of a record knows about it beforehand. */
export type ExpectedRecord = Pick<RecordMeta, 'keyDigest' | 'siteVersion'>;

/**
 * `foreign`: nothing is wrong with the record, but this process is not meant to read it: another format or site version, a
 * serializer, a class or a key that it does not have, or a protection that it was not told of. `corrupt`: anything else.
 */
export type Opened =
  | {
      readonly kind: 'value';
      readonly value: unknown;
      readonly ttlMs: number;
      readonly versions: readonly string[];
    }
  | { readonly kind: 'foreign' }
  | { readonly kind: 'corrupt'; readonly error: SerializationError };

const FOREIGN: Opened = Object.freeze({ kind: 'foreign' });
const PROTECTED = ENVELOPE_FLAGS.signed | ENVELOPE_FLAGS.encrypted;
const DEFAULT_MOST_BYTES = 64 * 1024 * 1024;

/** From a value to a record of the shared tier and back. */
export class Wire {
  readonly #serializers: SerializerSet;
  readonly #threshold: number;
  readonly #protection: Protection | undefined;
  readonly #mostBytes: number;

  /** @throws ConfigurationError for an option that cannot be meant. */
  constructor(options: WireOptions) {
    const { serializers, compress, protect, maxValueBytes = DEFAULT_MOST_BYTES } = options;
    if (!Number.isSafeInteger(maxValueBytes) || maxValueBytes < 1)
      throw new ConfigurationError(
        `maxValueBytes is ${String(maxValueBytes)}; it accepts whole bytes from 1`,
      );
    this.#serializers = serializers;
    this.#threshold = compressionThreshold(compress);
    // Also for null: who wrote it down wanted protection.
    this.#protection = protect === undefined ? undefined : new Protection(protect);
    this.#mostBytes = maxValueBytes;
  }

  /** Synchronous, so that the value may change afterwards. @throws as `SerializerSet.encode` does. */
  encode(value: unknown, serializerId?: string): Encoded {
    return this.#serializers.encode(value, serializerId);
  }

  /** The record of an encoded value. Rejects with a SerializationError when its header cannot be written. */
  async seal(encoded: Encoded, meta: RecordMeta): Promise<Uint8Array> {
    const raw = encoded.data;
    const deflated = raw.length >= this.#threshold ? await deflate(raw) : undefined;
    const flags = (deflated === undefined ? 0 : ENVELOPE_FLAGS.deflated) | (this.#protection?.flag ?? 0);
    const { keyDigest, siteVersion, ttlMs, versions } = meta;
    const header = writeHeader({
      flags,
      codec: encoded.codec,
      siteVersion,
      keyDigest,
      ttlMs,
      versions,
      rawLength: raw.length,
    });
    const payload = deflated ?? raw;
    return frame(
      header,
      this.#protection === undefined ? payload : await this.#protection.seal(header, payload),
    );
  }

  /** The value of a record, if it is the expected one and intact. Never rejects. */
  async open(data: Uint8Array, expected: ExpectedRecord): Promise<Opened> {
    const envelope = readEnvelope(data);
    if (envelope === 'foreign') return FOREIGN;
    if (envelope === 'corrupt') return corrupt('it is damaged, or no record at all');
    try {
      const refusal = this.#refusal(envelope, expected);
      if (refusal !== undefined) return refusal;
      const raw = await this.#raw(envelope, data);
      const value = this.#serializers.decode(envelope.codec, raw);
      return { kind: 'value', value, ttlMs: envelope.ttlMs, versions: envelope.versions };
    } catch (error) {
      const cause = error instanceof SerializationError ? error.cause : error;
      if (cause instanceof UnknownClassError || cause instanceof UnknownKeyError) return FOREIGN;
      return corrupt(
        error instanceof Error && error.message !== '' ? error.message : 'it cannot be decrypted',
        error,
      );
    }
  }

  /** What can be told from the header alone. */
  #refusal(envelope: Envelope, expected: ExpectedRecord): Opened | undefined {
    if (!sameBytes(envelope.keyDigest, expected.keyDigest)) return corrupt('it was written for another key');
    if (envelope.siteVersion !== expected.siteVersion) return FOREIGN;
    const protection = envelope.flags & PROTECTED;
    if (this.#protection === undefined && protection !== 0) return FOREIGN;
    if (this.#protection !== undefined && protection !== this.#protection.flag)
      return corrupt('it is not protected in the configured way');
    if (!this.#serializers.has(envelope.codec)) return FOREIGN;
    if (envelope.rawLength > this.#mostBytes)
      return corrupt(`its value takes ${envelope.rawLength} bytes, and maxValueBytes is ${this.#mostBytes}`);
    return undefined;
  }

  /** The payload as its serializer wrote it. */
  async #raw({ flags, payload, rawLength }: Envelope, data: Uint8Array): Promise<Uint8Array> {
    // The payload is a view into the record, the header what lies before it.
    const header = data.subarray(0, payload.byteOffset - data.byteOffset);
    const opened = this.#protection === undefined ? payload : await this.#protection.open(header, payload);
    if ((flags & ENVELOPE_FLAGS.deflated) !== 0) return inflate(opened, rawLength);
    if (opened.length !== rawLength)
      throw new RangeError(`its payload has ${opened.length} bytes instead of ${rawLength}`);
    return opened;
  }
}

function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

function corrupt(why: string, cause?: unknown): Opened {
  const error = new SerializationError(
    `the record cannot be read: ${why}`,
    cause === undefined ? {} : { cause },
  );
  return { kind: 'corrupt', error };
}
