import { encodeText } from '../model/envelope-text.js';
import { ConfigurationError, SerializationError } from '../model/errors.js';
import type { Clock } from '../ports/clock.js';
import type { Serializer } from '../ports/serializer.js';
import { jsonSerializer } from './json.js';
import { encodeUnescaped } from './json-text.js';
import { isPlain } from './plain-walk.js';
import { superjsonSerializer } from './superjson.js';

/** A value as bytes, and the id of the serializer that can read them. */
export interface Encoded {
  readonly codec: string;
  readonly data: Uint8Array;
  /** How long it took, in milliseconds, where somebody has measured it. */
  readonly ms?: number;
}

/** An id stands in every record, behind its length in one byte. */
const MOST_ID_BYTES = 0xff;

/** The serializers of a runtime by id: `json` and `superjson`, and those of the application. */
export class SerializerSet {
  readonly #byId = new Map<string, Serializer>();

  /**
   * @param clock measures; without one nothing is measured.
   * @throws ConfigurationError for an id that is empty, too long or taken, and for what is no serializer.
   */
  constructor(
    custom: readonly Serializer[] = [],
    private readonly clock?: Pick<Clock, 'now'>,
  ) {
    for (const serializer of [jsonSerializer, superjsonSerializer, ...custom]) this.#add(serializer);
  }

  /**
   * The value's bytes at this moment: it may change afterwards. Without an id JSON carries what it carries exactly, and
   * superjson the rest; an id leaves it to that serializer alone.
   *
   * @throws ConfigurationError for an unknown id, SerializationError when the value cannot be carried.
   */
  encode(value: unknown, id?: string): Encoded {
    const { clock } = this;
    if (clock === undefined) return this.#encode(value, id);
    const started = clock.now();
    return { ...this.#encode(value, id), ms: clock.now() - started };
  }

  #encode(value: unknown, id: string | undefined): Encoded {
    if (id !== undefined) return this.#encodeBy(this.require(id), value);
    try {
      return isPlain(value) ? encodePlain(value) : encodeRich(value);
    } catch (error) {
      throw failed('the value cannot be stored', error);
    }
  }

  /** @throws SerializationError when there is no such serializer or it cannot read the data. */
  decode(codec: string, data: Uint8Array): unknown {
    const serializer = this.#byId.get(codec);
    if (serializer === undefined) throw new SerializationError(`no serializer '${codec}' is registered`);
    try {
      return serializer.decode(data);
    } catch (error) {
      throw failed(`serializer '${codec}' cannot read the data`, error);
    }
  }

  has(codec: string): boolean {
    return this.#byId.has(codec);
  }

  /** @throws ConfigurationError naming the choices when there is no such serializer. */
  require(id: string): Serializer {
    const serializer = this.#byId.get(id);
    if (serializer !== undefined) return serializer;
    throw new ConfigurationError(`serializer is '${id}'; it accepts ${[...this.#byId.keys()].join(', ')}`);
  }

  #encodeBy(serializer: Serializer, value: unknown): Encoded {
    const { id } = serializer;
    let data: unknown;
    try {
      if (serializer !== jsonSerializer && serializer.accepts?.(value) === false)
        throw new SerializationError(`serializer '${id}' does not accept the value`);
      data = serializer.encode(value);
    } catch (error) {
      throw failed(`serializer '${id}' cannot carry the value`, error);
    }
    if (!ArrayBuffer.isView(data) || Object.prototype.toString.call(data) !== '[object Uint8Array]')
      throw new SerializationError(`serializer '${id}' returned no Uint8Array`);
    // Serializers are known to hand out parts of a buffer that they fill again with the next value.
    return { codec: id, data: Uint8Array.prototype.slice.call(data) };
  }

  #add(serializer: Serializer): void {
    const { id, encode, decode } = (serializer ?? {}) as Partial<Serializer>;
    if (typeof id !== 'string' || id === '' || encodeText(id).length > MOST_ID_BYTES)
      throw new ConfigurationError(
        `id of a serializer is ${inWords(id)}; it accepts text of 1 to ${MOST_ID_BYTES} bytes`,
      );
    if (typeof encode !== 'function' || typeof decode !== 'function')
      throw new ConfigurationError(`serializer '${id}' accepts { id, encode(value), decode(data) }`);
    if (this.#byId.has(id)) throw new ConfigurationError(`serializer '${id}' is registered already`);
    this.#byId.set(id, serializer);
  }
}

/** The bytes of a value of which `isPlain` is known to be true. */
export function encodePlain(value: unknown): Encoded {
  const data = encodeUnescaped(value);
  return data === undefined ? encodeRich(value) : { codec: jsonSerializer.id, data };
}

function encodeRich(value: unknown): Encoded {
  return { codec: superjsonSerializer.id, data: superjsonSerializer.encode(value) };
}

/** True when a plain value that goes through this serializer is the same afterwards; without an id one of ours is chosen. */
export function isExact(id: string | undefined): boolean {
  return id === undefined || id === jsonSerializer.id || id === superjsonSerializer.id;
}

function failed(what: string, error: unknown): SerializationError {
  if (error instanceof SerializationError) return error;
  const why = error instanceof Error ? error.message || error.name : 'what it threw is no error';
  return new SerializationError(`${what}: ${why}`, { cause: error });
}

function inWords(id: unknown): string {
  if (typeof id !== 'string') return typeof id;
  return id === '' ? 'empty' : `'${id.slice(0, 40)}'`;
}
