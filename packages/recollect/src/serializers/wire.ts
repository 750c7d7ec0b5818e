import { ENVELOPE_FLAGS, type Envelope, frame, readEnvelope, writeHeader } from '../model/envelope.js';
import { SerializationError } from '../model/errors.js';
import { shown } from '../model/shown.js';
import type { Clock } from '../ports/clock.js';
import { type CompressOption, compressionThreshold, deflate, inflate, mostInflated } from './compression.js';
import { leastBytes } from './least-bytes.js';
import { Protection, type ProtectOption, UnknownKeyError } from './protection.js';
import { type Encoded, isExact, type SerializerSet } from './serializer-set.js';
import type { Snapshot } from './snapshot.js';
import { TooLargeError } from './too-large-error.js';
import { UnknownClassError } from './value-classes.js';

export interface WireOptions {
  readonly serializers: SerializerSet;
  /** Default: nothing is compressed. What somebody else compressed is read all the same. */
  readonly compress?: CompressOption;
  /** Default: records are neither signed nor encrypted. With it, no other record is read. */
  readonly protect?: ProtectOption;
  /** Values that take more bytes are neither written nor read: encoded, before compression. Default: 1 MiB. */
  readonly maxValueBytes?: number;
  /** Default: nothing is measured, and `encoded` hears nothing. */
  readonly clock?: Pick<Clock, 'now'>;
  /** Hears of every value that was encoded, of how many bytes, and how long that took in milliseconds. */
  encoded?(site: string, bytes: number, ms: number): void;
}

/** Where a value on its way to the shared tier comes from. */
export interface Outgoing {
  readonly site: string;
  /** Its key, where the site alone does not say which one it is. */
  readonly key?: string | undefined;
  /** What the local tier keeps of it: what is encoded already need not be encoded again. */
  readonly snapshot?: Snapshot | undefined;
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
 * serializer, a class or a key that it does not have, a protection that it was not told of, or, with an `error`, a value that
 * is too large for it and not for another. `corrupt`: anything else.
 */
export type Opened =
  | {
      readonly kind: 'value';
      readonly value: unknown;
      readonly ttlMs: number;
      readonly versions: readonly string[];
    }
  | { readonly kind: 'foreign'; readonly error?: SerializationError }
  | { readonly kind: 'corrupt'; readonly error: SerializationError };

const FOREIGN: Opened = Object.freeze({ kind: 'foreign' });
const PROTECTED = ENVELOPE_FLAGS.signed | ENVELOPE_FLAGS.encrypted;
const DEFAULT_MOST_BYTES = 1024 * 1024;

/** From a value to a record of the shared tier and back. */
export class Wire {
  readonly #serializers: SerializerSet;
  readonly #threshold: number;
  readonly #protection: Protection | undefined;
  readonly #mostBytes: number;
  readonly #clock: Pick<Clock, 'now'> | undefined;
  readonly #encoded: WireOptions['encoded'];

  /** @throws ConfigurationError for an option that cannot be meant. */
  constructor(options: WireOptions) {
    const { serializers, compress, protect, maxValueBytes = DEFAULT_MOST_BYTES } = options;
    this.#serializers = serializers;
    this.#threshold = compressionThreshold(compress);
    // Also for null: who wrote it down wanted protection.
    this.#protection = protect === undefined ? undefined : new Protection(protect);
    this.#mostBytes = maxValueBytes;
    this.#clock = options.clock;
    this.#encoded = options.encoded;
  }

  /**
   * Synchronous, so that the value may change afterwards.
   *
   * @throws as `SerializerSet.encode` does; SerializationError for a value of more than `maxValueBytes`, which is not even
   *   encoded where it can be told without.
   */
  encode(value: unknown, serializerId?: string, from: Outgoing = { site: 'cache' }): Encoded {
    const { site, snapshot } = from;
    // What a serializer of the application makes of it nobody can tell.
    if (isExact(serializerId)) this.#bound(snapshot?.least ?? leastBytes(value, false), from, 'at least ');
    const started = this.#clock?.now() ?? 0;
    const encoded = snapshot?.encoded ?? this.#serializers.encode(value, serializerId);
    const ms = encoded.ms ?? (this.#clock?.now() ?? 0) - started;
    const bytes = encoded.data.length;
    this.#encoded?.(site, bytes, ms);
    this.#bound(bytes, from, '');
    return encoded;
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
    const { flags, payload, rawLength } = envelope;
    if (rawLength <= this.#mostBytes) return undefined;
    const most = flags & ENVELOPE_FLAGS.deflated ? mostInflated(payload.length) : payload.length;
    if (rawLength > most) return corrupt(`its payload cannot stand for ${rawLength} bytes`);
    // Left alone: a process with another limit may have written it, and reads it.
    const error = new TooLargeError(`a record's value takes ${rawLength} bytes${this.#limit}`);
    return { kind: 'foreign', error };
  }

  #bound(bytes: number, { site, key }: Outgoing, about: string): void {
    if (bytes <= this.#mostBytes) return;
    const which = key === undefined ? site : `${site} ${shown(key)}`;
    throw new TooLargeError(`${which}: the value takes ${about}${bytes} bytes${this.#limit}`);
  }

  get #limit(): string {
    return `, and maxValueBytes is ${this.#mostBytes}`;
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
