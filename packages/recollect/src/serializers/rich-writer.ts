import { objectInWords, reasonInWords } from '../keys/key-refusal.js';
import { SerializationError } from '../model/errors.js';
import { ownNames, ownValue, refuseAdded } from './own-properties.js';
import { MAX_DEPTH } from './plain-walk.js';
import { type RichPayload, type RichProperty, UNWALKABLE } from './rich-format.js';
import { LEAF_KINDS } from './rich-leaves.js';
import { type Origin, RichTrail } from './rich-trail.js';
import { type ValueClass, valueClassOf } from './value-classes.js';
import { ERROR_NAMES, valueKind } from './value-kind.js';

const mapForEach = Map.prototype.forEach;
const setForEach = Set.prototype.forEach;

/** One pass over a value that ends in a payload, or in a refusal that names the way to what it refuses. */
class RichWriter {
  /** Objects met more than once, in that order. */
  readonly repeated = new Set<object>();
  readonly #seen = new Set<object>();
  readonly #trail: RichTrail;
  /** Written out where it stands, although it is in the list of shared objects. */
  #listed: object | undefined;

  constructor(
    origin: Origin,
    /** Place of each shared object in their list, from 1; what a first pass found. */
    private readonly places: ReadonlyMap<object, number>,
    /** What codecs made: they are asked once for each instance, however many passes there are. */
    private readonly coded: Map<object, RichPayload>,
  ) {
    this.#trail = new RichTrail(origin);
  }

  /** @throws SerializationError for what cannot be carried, and for whatever was thrown while it was read. */
  payload(value: unknown): RichPayload {
    let json: unknown;
    try {
      json = this.places.size === 0 ? this.#json(value) : this.#list([value, ...this.places.keys()]);
    } catch (error) {
      if (error instanceof SerializationError) throw error;
      throw this.#trail.refuse(`cannot be read (${reasonInWords(error)})`, undefined, { cause: error });
    }
    const values = this.#trail.notes.tree;
    const shared = this.places.size > 0;
    return { json, ...(values && { meta: { values, v: 1 as const } }), ...(shared && { shared }) };
  }

  #list(parts: readonly unknown[]): unknown[] {
    return parts.map((part, place) => {
      this.#listed = place === 0 ? undefined : (part as object);
      this.#trail.notes.enter(place);
      const json = this.#json(part);
      this.#trail.notes.leave();
      return json;
    });
  }

  readonly #json = (value: unknown): unknown => {
    const { notes, refuse } = this.#trail;
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
  };

  #object(value: object): unknown {
    const trail = this.#trail;
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
        return this.#plainObject(value);
      case 'Array':
        return this.#array(value as unknown[]);
      case 'Map':
        return this.#map(value);
      case 'Set':
        return this.#set(value);
      case 'Dictionary':
        return this.#trail.notes.around(['custom', 'dictionary'], () => this.#properties(value, false));
      case undefined:
        return this.#instance(value);
      default:
        return ERROR_NAMES.includes(kind) ? this.#named('error', kind, value, true) : this.#leaf(value, kind);
    }
  }

  #plainObject(value: object): unknown {
    const { notes, refuse } = this.#trail;
    const names = ownNames(value, refuse);
    if (names.some((name) => UNWALKABLE.has(name)))
      return notes.around(['custom', 'record'], () => this.#properties(value, false));
    const json: Record<string, unknown> = {};
    for (const name of names)
      json[name] = this.#trail.inside(name, name, this.#json, ownValue(value, name, false, refuse));
    return json;
  }

  #array(value: readonly unknown[]): unknown {
    const { refuse } = this.#trail;
    const names = ownNames(value, refuse);
    const json: unknown[] = [];
    for (let i = 0; i < value.length; i++) {
      const element = value[i];
      if (element === undefined && !Object.hasOwn(value, i)) throw refuse('is a hole in an array', i);
      json.push(this.#trail.inside(i, i, this.#json, element));
    }
    // Without holes, the names after those of the elements are `length` and what somebody added.
    const added = names.slice(value.length).find((name) => name !== 'length');
    if (added !== undefined) throw refuse('was added to an array', added);
    return json;
  }

  #map(value: object): unknown {
    const trail = this.#trail;
    refuseAdded(value, [], trail.refuse);
    // All members are taken out first: code that the walk runs must not change the map under it.
    const members: [unknown, unknown][] = [];
    mapForEach.call(value, (member, key) => members.push([key, member]));
    const pair = ([key, member]: readonly [unknown, unknown], i: number): unknown => {
      trail.notes.enter(i);
      const words = typeof key === 'string' ? JSON.stringify(key) : `entry ${i}`;
      const json = [
        trail.inside(0, { words: `key ${i}` }, this.#json, key),
        trail.inside(1, { words }, this.#json, member),
      ];
      trail.notes.leave();
      return json;
    };
    return trail.notes.around('map', () => members.map(pair));
  }

  #set(value: object): unknown {
    const trail = this.#trail;
    refuseAdded(value, [], trail.refuse);
    const members: unknown[] = [];
    setForEach.call(value, (member) => members.push(member));
    return trail.notes.around('set', () =>
      members.map((member, i) => trail.inside(i, { words: `member ${i}` }, this.#json, member)),
    );
  }

  #instance(value: object): unknown {
    const valueClass = valueClassOf(Object.getPrototypeOf(value) as object);
    if (valueClass === undefined) throw this.#trail.refuse(`is ${objectInWords(value)}`);
    const { name, error, codec } = valueClass;
    if (codec === undefined) return this.#named('class', name, value, error);
    this.#trail.notes.note(['custom', 'coded']);
    return [name, this.#coded(value, valueClass)];
  }

  #coded(value: object, { name, codec }: ValueClass): RichPayload {
    const known = this.coded.get(value);
    if (known !== undefined) return known;
    const payload = writeFrom(codec?.encode(value), this.#trail.from({ words: `data of ${name}` }));
    this.coded.set(value, payload);
    return payload;
  }

  /** A name, and the properties that belong to it as the second of two. */
  #named(tag: 'class' | 'error', name: string, value: object, hidden: boolean): unknown {
    const { notes } = this.#trail;
    return notes.around(['custom', tag], () => {
      notes.enter(1);
      const properties = this.#properties(value, hidden);
      notes.leave();
      return [name, properties];
    });
  }

  #leaf(value: object, kind: string): unknown {
    const { notes, refuse } = this.#trail;
    const leafKind = LEAF_KINDS.get(kind);
    if (leafKind === undefined) throw refuse(`is ${objectInWords(value)}`);
    if (leafKind.properties !== 'any') refuseAdded(value, leafKind.properties, refuse);
    const { type, json } = leafKind.leaf(value);
    notes.note(type);
    return json;
  }

  #properties(value: object, hidden: boolean): RichProperty[] {
    const { notes, refuse } = this.#trail;
    return ownNames(value, refuse).map((name, i): RichProperty => {
      // Some engines have an accessor there; it belongs to the error, not to the application.
      const stack = hidden && name === 'stack';
      const held = stack ? (value as Error).stack : ownValue(value, name, hidden, refuse);
      notes.enter(i);
      const json = this.#trail.inside(1, name, this.#json, held);
      notes.leave();
      return Object.prototype.propertyIsEnumerable.call(value, name) ? [name, json] : [name, json, 0];
    });
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
