import { objectInWords, reasonInWords } from '../keys/key-refusal.js';
import { SerializationError } from '../model/errors.js';
import { refuseAdded } from './own-properties.js';
import { MAX_DEPTH } from './plain-walk.js';
import { writeArray, writeListed, writeMap, writeNamed, writePlain, writeSet } from './rich-containers.js';
import type { RichPayload } from './rich-format.js';
import { LEAF_KINDS } from './rich-leaves.js';
import { type Origin, RichTrail, type RichWalk } from './rich-trail.js';
import { valueClassOf } from './value-classes.js';
import { ERROR_NAMES, valueKind } from './value-kind.js';

/** One pass over a value that ends in a payload, or in a refusal that names the way to what it refuses. */
class RichWriter implements RichWalk {
  /** Objects met more than once, in that order. */
  readonly repeated = new Set<object>();
  readonly #seen = new Set<object>();
  readonly trail: RichTrail;
  /** Written out where it stands, although it is in the list of shared objects. */
  #listed: object | undefined;

  constructor(
    origin: Origin,
    /** Place of each shared object in their list, from 1; what a first pass found. */
    private readonly places: ReadonlyMap<object, number>,
    /** What codecs made: they are asked once for each instance, however many passes there are. */
    private readonly coded: Map<object, RichPayload>,
  ) {
    this.trail = new RichTrail(origin);
  }

  /** @throws SerializationError for what cannot be carried, and for whatever was thrown while it was read. */
  payload(value: unknown): RichPayload {
    let json: unknown;
    try {
      json = this.places.size === 0 ? this.json(value) : this.#list([value, ...this.places.keys()]);
    } catch (error) {
      if (error instanceof SerializationError) throw error;
      throw this.trail.refuse(`cannot be read (${reasonInWords(error)})`, undefined, { cause: error });
    }
    const values = this.trail.notes.tree;
    const shared = this.places.size > 0;
    return { json, ...(values && { meta: { values, v: 1 as const } }), ...(shared && { shared }) };
  }

  #list(parts: readonly unknown[]): unknown[] {
    return parts.map((part, place) => {
      this.#listed = place === 0 ? undefined : (part as object);
      this.trail.notes.enter(place);
      const json = this.json(part);
      this.trail.notes.leave();
      return json;
    });
  }

  json(value: unknown): unknown {
    const { notes, refuse } = this.trail;
    switch (typeof value) {
      case 'string':
      case 'boolean':
        return value;
      case 'number':
        if (value - value === 0 && !Object.is(value, -0)) return value;
        notes.note('number');
        return Object.is(value, -0) ? '-0' : String(value);
      case 'undefined':
        notes.note('undefined');
        return null;
      case 'bigint':
        notes.note('bigint');
        return String(value);
      case 'object':
        return value === null ? null : this.#object(value);
      default:
        throw refuse(`is a ${typeof value}`);
    }
  }

  #object(value: object): unknown {
    const trail = this.trail;
    const place = this.places.get(value);
    if (place !== undefined && value !== this.#listed) {
      trail.notes.note(['custom', 'ref']);
      return place;
    }
    this.#listed = undefined;
    if (this.#seen.has(value)) {
      this.repeated.add(value);
      return null;
    }
    this.#seen.add(value);
    if (trail.depth === MAX_DEPTH) throw trail.refuse(`is nested more than ${MAX_DEPTH} levels deep`);
    trail.depth++;
    const json = this.#ofKind(value, valueKind(value));
    trail.depth--;
    return json;
  }

  #ofKind(value: object, kind: string | undefined): unknown {
    switch (kind) {
      case 'Object':
        return writePlain(value, this);
      case 'Array':
        return writeArray(value as unknown[], this);
      case 'Map':
        return writeMap(value, this);
      case 'Set':
        return writeSet(value, this);
      case 'Dictionary':
        return writeListed('dictionary', value, this);
      case undefined:
        return this.#instance(value);
      default:
        return ERROR_NAMES.includes(kind)
          ? writeNamed('error', kind, value, true, this)
          : this.#leaf(value, kind);
    }
  }

  #instance(value: object): unknown {
    const valueClass = valueClassOf(Object.getPrototypeOf(value) as object);
    if (valueClass === undefined) throw this.trail.refuse(`is ${objectInWords(value)}`);
    const { name, error, codec } = valueClass;
    if (codec === undefined) return writeNamed('class', name, value, error, this);
    this.trail.notes.note(['custom', 'coded']);
    let payload = this.coded.get(value);
    if (payload === undefined) {
      payload = writeFrom(codec.encode(value), this.trail.from({ words: `data of ${name}` }));
      this.coded.set(value, payload);
    }
    return [name, payload];
  }

  #leaf(value: object, kind: string): unknown {
    const { notes, refuse } = this.trail;
    const leafKind = LEAF_KINDS.get(kind);
    if (leafKind === undefined) throw refuse(`is ${objectInWords(value)}`);
    if (leafKind.properties !== 'any') refuseAdded(value, leafKind, refuse);
    const { type, json } = leafKind.leaf(value);
    notes.note(type);
    return json;
  }
}

function writeFrom(value: unknown, origin: Origin): RichPayload {
  const coded = new Map<object, RichPayload>();
  const first = new RichWriter(origin, new Map(), coded);
  const payload = first.payload(value);
  if (first.repeated.size === 0) return payload;
  const places = new Map([...first.repeated].map((part, i) => [part, i + 1]));
  return new RichWriter(origin, places, coded).payload(value);
}

/**
 * The payload of any value that can be carried, in one walk, or two where objects appear in several places.
 *
 * @throws SerializationError naming the way to the first part that would be lost or changed: functions, symbols and
 *   properties named by them, getters, properties that are not enumerable (but those of errors), holes in arrays, properties
 *   added to built-ins, `__proto__`, instances of classes that are not registered, and more than {@link MAX_DEPTH} levels.
 */
export function writeRich(value: unknown): RichPayload {
  return writeFrom(value, { steps: [], depth: 0 });
}
