import { isPrimitive } from './fidelity.js';
import { leastBytes } from './least-bytes.js';
import { copyPlain, plainBytes } from './plain-copy.js';
import { isPlain } from './plain-walk.js';
import { type Encoded, encodePlain, isExact, type SerializerSet } from './serializer-set.js';

/** A value as the local tier keeps it: what happens to the original afterwards does not reach it. */
export interface Snapshot {
  /** Everybody may have the same one: nobody can change it, or sharing it is what was asked for. */
  readonly shareable: boolean;
  /**
   * Bytes it keeps in memory: those of the encoded form where it is kept encoded, else an estimate; 0 for a reference, whose
   * memory belongs to the application.
   */
  readonly bytes: number;
  /** Bytes it takes encoded at least by one of our own serializers, as far as that can be told without encoding it. */
  readonly least: number;
  /** The value in bytes, where it was or can be encoded without looking at the original again. */
  readonly encoded: Encoded | undefined;
  /** The value: the same one each time if it is shareable, else one that nobody else has. */
  take(): unknown;
}

class Reference implements Snapshot {
  readonly shareable = true;
  readonly encoded = undefined;

  constructor(
    private readonly value: unknown,
    readonly bytes: number,
  ) {}

  get least(): number {
    return leastBytes(this.value, false);
  }

  take(): unknown {
    return this.value;
  }
}

/** Copying a copy is several times faster than parsing JSON. */
class PristineCopy implements Snapshot {
  readonly shareable = false;
  readonly #pristine: unknown;
  #bytes: number | undefined;

  constructor(value: unknown) {
    this.#pristine = copyPlain(value);
  }

  /** Counted only for whoever asks: most local tiers are bounded by number alone. */
  get bytes(): number {
    this.#bytes ??= plainBytes(this.#pristine);
    return this.#bytes;
  }

  get least(): number {
    return leastBytes(this.#pristine, true);
  }

  get encoded(): Encoded {
    return encodePlain(this.#pristine);
  }

  take(): unknown {
    return copyPlain(this.#pristine);
  }
}

class EncodedCopy implements Snapshot {
  readonly shareable = false;
  // It is encoded already, and will be told exactly.
  readonly least = 0;

  constructor(
    readonly encoded: Encoded,
    private readonly serializers: SerializerSet,
  ) {}

  get bytes(): number {
    return this.encoded.data.byteLength;
  }

  take(): unknown {
    return this.serializers.decode(this.encoded.codec, this.encoded.data);
  }
}

/**
 * Takes hold of a value. `reference` keeps the value itself. `copy` keeps primitives as they are, plain data as a copy of its own
 * that is copied again for each taker, and everything else in its encoded form. With the id of a serializer of the
 * application all but primitives go through that one, so that both tiers give back the same.
 *
 * @throws SerializationError when a copy is asked for and nothing can carry the value; ConfigurationError for an unknown
 *   id.
 */
export function takeSnapshot(
  value: unknown,
  isolation: 'copy' | 'reference',
  serializers: SerializerSet,
  serializerId?: string,
): Snapshot {
  if (isolation === 'reference') return new Reference(value, 0);
  if (isPrimitive(value)) return new Reference(value, plainBytes(value));
  if (isExact(serializerId) && isPlain(value)) return new PristineCopy(value);
  return new EncodedCopy(serializers.encode(value, serializerId), serializers);
}
