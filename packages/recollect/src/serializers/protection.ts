import { ENVELOPE_FLAGS } from '../model/envelope.js';
import { decodeText, encodeText } from '../model/envelope-text.js';
import { ConfigurationError } from '../model/errors.js';
import { joinBytes } from './join-bytes.js';

/** Against a shared tier that others can write to, or read. */
export interface ProtectOption {
  /** `sign`: a changed or invented record is refused (HMAC-SHA-256). `encrypt`: nor can it be read (AES-256-GCM). */
  readonly mode: 'encrypt' | 'sign';
  /**
   * Secrets by id: at least 32 characters, such as 32 random bytes in base64. Each of them opens records; list the old one
   * beside the new until records under it have expired.
   */
  readonly keys: Readonly<Record<string, string>>;
  /** Id of the key that new records are written with. */
  readonly current: string;
}

/** The parts of `crypto.subtle` (W3C Web Cryptography) that are used here. */
interface Subtle {
  importKey(
    format: 'raw',
    data: Uint8Array,
    algorithm: 'HKDF',
    extractable: false,
    usages: string[],
  ): Promise<object>;
  deriveKey(from: object, base: object, to: object, extractable: false, usages: string[]): Promise<object>;
  sign(algorithm: 'HMAC', key: object, data: Uint8Array): Promise<ArrayBuffer>;
  verify(algorithm: 'HMAC', key: object, signature: Uint8Array, data: Uint8Array): Promise<boolean>;
  encrypt(algorithm: object, key: object, data: Uint8Array): Promise<ArrayBuffer>;
  decrypt(algorithm: object, key: object, data: Uint8Array): Promise<ArrayBuffer>;
}

const { crypto } = globalThis as unknown as {
  readonly crypto: { readonly subtle: Subtle; getRandomValues(array: Uint8Array): Uint8Array };
};

const LEAST_SECRET = 32;
const MOST_ID_BYTES = 0xff;
const MAC_BYTES = 32;
const NONCE_BYTES = 12;

/** A record under a key that this process does not have: another release of the application may. */
export class UnknownKeyError extends Error {
  override readonly name = 'UnknownKeyError';
}

/**
 * Signs or encrypts payloads together with the headers they lie behind: neither can be exchanged. A protected payload is
 * the id of its key behind its length in one byte, and then the payload and its HMAC-SHA-256 (RFC 2104) over header, id and
 * payload; or a random nonce of 96 bits and the result of AES-256-GCM (NIST SP 800-38D), with header and id as
 * additional data. The keys are derived from the secrets by HKDF (RFC 5869), another one for each mode.
 *
 * GCM with random nonces is good for 2^32 records per key: rotate before. An old record of the same key in its place is not
 * noticed, and the length of a value stays visible.
 */
export class Protection {
  /** The flag of records that are protected in this way. */
  readonly flag: number;
  readonly #mode: ProtectOption['mode'];
  readonly #secrets: ReadonlyMap<string, string>;
  readonly #current: string;
  readonly #derived = new Map<string, Promise<object>>();

  /** @throws ConfigurationError naming the part of the option that is wrong; never the secret itself. */
  constructor(option: ProtectOption) {
    const { mode, keys, current } = (option ?? {}) as Partial<ProtectOption>;
    if (mode !== 'sign' && mode !== 'encrypt') throw refuse('mode', String(mode), "'sign' or 'encrypt'");
    if (typeof keys !== 'object' || keys === null) throw refuse('keys', typeof keys, '{ id: secret }');
    for (const [id, secret] of Object.entries(keys)) {
      if (id === '' || encodeText(id).length > MOST_ID_BYTES)
        throw refuse('keys', `with the id '${id}'`, `ids of 1 to ${MOST_ID_BYTES} bytes`);
      if (typeof secret !== 'string' || secret.length < LEAST_SECRET)
        throw refuse(
          `keys.${id}`,
          'too short',
          `text of at least ${LEAST_SECRET} characters, better random than readable`,
        );
    }
    if (typeof current !== 'string' || !Object.hasOwn(keys, current))
      throw refuse(
        'current',
        `'${String(current)}'`,
        `one of ${Object.keys(keys).join(', ') || 'the ids in keys'}`,
      );
    this.flag = mode === 'sign' ? ENVELOPE_FLAGS.signed : ENVELOPE_FLAGS.encrypted;
    this.#mode = mode;
    this.#secrets = new Map(Object.entries(keys));
    this.#current = current;
  }

  /** The protected payload for a record with this header. */
  async seal(header: Uint8Array, payload: Uint8Array): Promise<Uint8Array> {
    const key = await this.#key(this.#current);
    const id = encodeText(this.#current);
    const prefix = joinBytes([Uint8Array.of(id.length), id]);
    if (this.#mode === 'sign') {
      const mac = await crypto.subtle.sign('HMAC', key, joinBytes([header, prefix, payload]));
      return joinBytes([prefix, payload, new Uint8Array(mac)]);
    }
    const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
    const sealed = await crypto.subtle.encrypt(gcm(nonce, joinBytes([header, prefix])), key, payload);
    return joinBytes([prefix, nonce, new Uint8Array(sealed)]);
  }

  /**
   * The payload that was sealed behind this header.
   *
   * @throws UnknownKeyError for a key that is not configured; any other error when it was not sealed here like this.
   */
  async open(header: Uint8Array, sealed: Uint8Array): Promise<Uint8Array> {
    const start = 1 + (sealed[0] ?? 0);
    const prefix = sealed.subarray(0, start);
    const key = await this.#key(decodeText(prefix.subarray(1)));
    if (this.#mode === 'sign') {
      const end = sealed.length - MAC_BYTES;
      if (end < start) throw new RangeError('the record is too short for its signature');
      const signed = joinBytes([header, sealed.subarray(0, end)]);
      if (!(await crypto.subtle.verify('HMAC', key, sealed.subarray(end), signed)))
        throw new Error('the signature of the record is wrong');
      return sealed.subarray(start, end);
    }
    const nonce = sealed.subarray(start, start + NONCE_BYTES);
    const additional = joinBytes([header, prefix]);
    return new Uint8Array(
      await crypto.subtle.decrypt(gcm(nonce, additional), key, sealed.subarray(start + NONCE_BYTES)),
    );
  }

  #key(id: string): Promise<object> {
    const secret = this.#secrets.get(id);
    if (secret === undefined) throw new UnknownKeyError(`protect.keys has no '${id}'`);
    let key = this.#derived.get(id);
    if (key === undefined) {
      key = derive(secret, this.#mode);
      this.#derived.set(id, key);
    }
    return key;
  }
}

async function derive(secret: string, mode: ProtectOption['mode']): Promise<object> {
  const base = await crypto.subtle.importKey('raw', encodeText(secret), 'HKDF', false, ['deriveKey']);
  // A key for signatures must tell nothing about the one for encryption.
  const info = encodeText(`recollect envelope ${mode}`);
  const from = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info };
  return mode === 'sign'
    ? crypto.subtle.deriveKey(from, base, { name: 'HMAC', hash: 'SHA-256', length: 256 }, false, [
        'sign',
        'verify',
      ])
    : crypto.subtle.deriveKey(from, base, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}

function gcm(iv: Uint8Array, additionalData: Uint8Array): object {
  return { name: 'AES-GCM', iv, additionalData };
}

function refuse(part: string, value: string, accepted: string): ConfigurationError {
  return new ConfigurationError(`protect.${part} is ${value}; it accepts ${accepted}`);
}
