import { objectInWords } from '../keys/key-refusal.js';
import { refuseAdded } from './own-properties.js';
import { type LazyStep, Refusal, refusedAt } from './refusal.js';
import { writeArray, writeListed, writeMap, writePlain, writeSet } from './rich-containers.js';
import { isListedName, type RichPayload, type RichType } from './rich-format.js';
import { LEAF_KINDS } from './rich-leaves.js';
import { NoteTaker } from './rich-notes.js';
import type { RichWalk } from './rich-walk.js';
import { SeenObjects } from './seen-objects.js';
import { valueClassOf } from './value-classes.js';
import { valueKind } from './value-kind.js';

/** How deep values may be nested: far below what overflows the stack of any serializer. */
export const MAX_DEPTH = 1_000;

/** What a walk, or all of them, ended in. */
export interface Outcome {
  readonly json: unknown;
  /** Annotations in JSON. */
  readonly values: string | undefined;
  readonly shared: boolean;
}

/**
 * `exact` looks for what is so rare that it only pays where there are signs of it; `quick` tells of the signs. `plain` refuses
 * everything that JSON alone does not carry.
 */
type Manner = 'exact' | 'plain' | 'quick';

/** One walk through a value, which ends in JSON and annotations to it, or in a {@link Refusal}. */
export class RichWriter implements RichWalk {
  readonly notes: NoteTaker;
  readonly exact: boolean;
  readonly trusted: boolean;
  readonly #seen = new SeenObjects();
  /** Objects met more than once, in that order. */
  #repeated: Set<object> | undefined;
  /** Place of each shared object in their list, from 1. */
  readonly #places: Map<object, number> | undefined;
  /** Written out where it stands, although it is in the list of shared objects. */
  #listed: object | undefined;
  /** What codecs made: they are asked once for each instance, however many walks there are. */
  #coded: Map<object, RichPayload> | undefined;

  /**
   * @param start depth of the value itself: of what a codec made, in the value around it.
   * @param former a walk through the same value.
   */
  constructor(
    private readonly start: number,
    private readonly manner: Manner,
    former?: RichWriter,
  ) {
    this.notes = new NoteTaker(start);
    this.exact = manner === 'exact';
    this.trusted = former !== undefined;
    if (former === undefined) return;
    this.#coded = former.#coded;
    if (former.#repeated) this.#places = new Map([...former.#repeated].map((part, i) => [part, i + 1]));
  }

  /** JSON alone says everything, after the walk. */
  get plain(): boolean {
    return this.notes.tree === undefined && this.#repeated === undefined;
  }

  /** What the value is carried by, after a walk that ended in this JSON; after another walk where this one was not enough. */
  outcome(value: unknown, json: unknown): Outcome {
    const exact = this.exact || this.#isInexact();
    if (this.#repeated === undefined && exact === this.exact)
      return { json, values: this.notes.tree, shared: this.#places !== undefined };
    const again = new RichWriter(this.start, exact ? 'exact' : 'quick', this);
    return again.outcome(
      value,
      again.#places ? again.#list(value, again.#places) : again.json(value, this.start),
    );
  }

  /** The list of a value and the objects that it shares within itself. */
  #list(value: unknown, shared: Map<object, number>): unknown[] {
    return [value, ...shared.keys()].map((part, place) => {
      this.#listed = place === 0 ? undefined : (part as object);
      this.notes.enter(this.start, place);
      return this.json(part, this.start + 1);
    });
  }

  /** Signs of what only an exact walk treats as it should. */
  #isInexact(): boolean {
    for (const object of this.#seen.all) {
      if (Array.isArray(object)) {
        if (Object.getOwnPropertyNames(object).length > object.length + 1) return true;
      } else if (!ArrayBuffer.isView(object)) {
        for (const name in object) if (isListedName(name)) return true;
      }
    }
    return false;
  }

  json(value: unknown, depth: number): unknown {
    switch (typeof value) {
      case 'string':
      case 'boolean':
        return value;
      case 'number': {
        // Finite, and not the zero that JSON has no sign for.
        if (value - value === 0 && (value !== 0 || 1 / value > 0)) return value;
        const text = value === 0 ? '-0' : String(value);
        return this.#odd('"number"', text, text, depth);
      }
      case 'undefined':
        return this.#odd('"undefined"', 'undefined', null, depth);
      case 'bigint':
        return this.#odd('"bigint"', 'a bigint', String(value), depth);
      case 'object':
        return value === null ? null : this.#object(value, depth);
      default:
        throw new Refusal(`is a ${typeof value}`);
    }
  }

  // As few calls deep as can be: a value may be nested as many times as the stack bears.
  part(held: unknown, depth: number, place: string | number, step: LazyStep): unknown {
    this.notes.enter(depth, place);
    try {
      if (typeof held === 'object' && held !== null) return this.#object(held, depth + 1);
      return this.json(held, depth + 1);
    } catch (error) {
      throw refusedAt(error, step);
    }
  }

  #odd(type: RichType, words: string, json: unknown, depth: number): unknown {
    if (this.manner === 'plain') throw new Refusal(`is ${words}`);
    this.notes.note(depth, type);
    return json;
  }

  #object(value: object, depth: number): unknown {
    if (this.#places !== undefined) {
      const place = this.#places.get(value);
      if (place !== undefined && value !== this.#listed)
        return this.#odd('["custom","ref"]', '', place, depth);
      this.#listed = undefined;
    } else if (!this.#seen.add(value)) {
      if (this.manner === 'plain') throw new Refusal('appears in the value more than once');
      this.#repeated ??= new Set();
      this.#repeated.add(value);
      return null;
    }
    // In the list of shared objects all are one level deeper.
    if (depth === (this.#places === undefined ? MAX_DEPTH : MAX_DEPTH + 1))
      throw new Refusal(`is nested more than ${MAX_DEPTH} levels deep`);
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === Object.prototype) return writePlain(value, this, depth, true);
    if (prototype === Array.prototype && Array.isArray(value)) return writeArray(value, this, depth, true);
    return this.#ofKind(value, valueKind(value), depth);
  }

  #ofKind(value: object, kind: string | undefined, depth: number): unknown {
    if (kind === 'Object') return writePlain(value, this, depth, false);
    if (kind === 'Array') return writeArray(value as unknown[], this, depth, false);
    if (this.manner === 'plain') throw new Refusal(`is ${kindInWords(kind, value)}`);
    if (kind === 'Map') return writeMap(value, this, depth);
    if (kind === 'Set') return writeSet(value, this, depth);
    if (kind === 'Dictionary') return writeListed(['dictionary'], value, false, this, depth);
    if (kind === undefined) return this.#instance(value, depth);
    const leafKind = LEAF_KINDS.get(kind);
    if (leafKind === undefined) return writeListed(['error', kind], value, true, this, depth);
    if (leafKind.properties !== 'any' && !this.trusted) refuseAdded(value, leafKind);
    const { type, json } = leafKind.leaf(value);
    this.notes.note(depth, type);
    return json;
  }

  #instance(value: object, depth: number): unknown {
    const valueClass = valueClassOf(Object.getPrototypeOf(value) as object);
    if (valueClass === undefined) throw new Refusal(`is ${objectInWords(value)}`);
    const { name, error, codec } = valueClass;
    if (codec === undefined) return writeListed(['class', name], value, error, this, depth);
    this.notes.note(depth, '["custom","coded"]');
    let payload = this.#coded?.get(value);
    if (payload === undefined) {
      const data = codec.encode(value);
      try {
        // Seldom large: it is looked at exactly at once.
        const walk = new RichWriter(depth + 1, 'exact');
        payload = payloadOf(walk.outcome(data, walk.json(data, depth + 1)));
      } catch (thrown) {
        throw refusedAt(thrown, { words: `data of ${name}` });
      }
      this.#coded ??= new Map();
      this.#coded.set(value, payload);
    }
    return [name, payload];
  }
}

function payloadOf({ json, values, shared }: Outcome): RichPayload {
  const meta = values && { values: JSON.parse(values) as unknown, v: 1 as const };
  return { json, ...(meta && { meta }), ...(shared && { shared }) };
}

function kindInWords(kind: string | undefined, value: object): string {
  if (kind === 'Dictionary') return 'an object without a prototype';
  if (kind === undefined) return objectInWords(value);
  return `${/^[AEIO]/.test(kind) ? 'an' : 'a'} ${kind}`;
}
