import { objectInWords, reasonInWords } from '../keys/key-refusal.js';
import { valueKind } from './value-kind.js';
import { type ValueStep, valuePath } from './value-path.js';

/** How deep values may be nested: far below what overflows the stack of any serializer. */
export const MAX_DEPTH = 1_000;

/** Objects up to which a scan of a list is faster than a set. */
const FEW = 24;

const { getOwnPropertyDescriptor, getOwnPropertyNames, getOwnPropertySymbols, getPrototypeOf } = Object;

/**
 * One pass over a value, to see whether JSON gives it back exactly. It reads properties through their descriptors: what a
 * getter returns is not what would be read the next time.
 */
class PlainWalk {
  /** Why the value is not plain, and where, innermost step first. Words for an object may run its code: only when asked. */
  reason: string | (() => string) = '';
  readonly trail: ValueStep[] = [];
  private readonly few: object[] = [];
  private many: Set<object> | undefined;

  plain(value: unknown, depth: number): boolean {
    switch (typeof value) {
      case 'string':
      case 'boolean':
        return true;
      case 'number':
        // Finite, and not the zero that JSON has no sign for.
        return (
          (value - value === 0 && (value !== 0 || 1 / value > 0)) || this.not(`is ${numberInWords(value)}`)
        );
      case 'object':
        return value === null || this.object(value, depth);
      default:
        return this.not(typeof value === 'undefined' ? 'is undefined' : `is a ${typeof value}`);
    }
  }

  private object(value: object, depth: number): boolean {
    if (depth === MAX_DEPTH) return this.not(`is nested more than ${MAX_DEPTH} levels deep`);
    if (!this.first(value)) return this.not('appears in the value more than once');
    if (getOwnPropertySymbols(value).length > 0) return this.not('has a property named by a symbol');
    const prototype: unknown = getPrototypeOf(value);
    if (prototype === Object.prototype) return this.properties(value, depth);
    const kind = prototype === Array.prototype && Array.isArray(value) ? 'Array' : valueKind(value);
    if (kind === 'Array') return this.elements(value as unknown[], depth);
    return kind === 'Object'
      ? this.properties(value, depth)
      : this.not(() => `is ${kindInWords(kind, value)}`);
  }

  private properties(value: object, depth: number): boolean {
    const names = getOwnPropertyNames(value);
    for (let i = 0; i < names.length; i++) {
      const name = names[i] as string;
      const property = getOwnPropertyDescriptor(value, name);
      if (property === undefined || property.get !== undefined || property.set !== undefined)
        return this.not('is a getter or setter', name);
      if (!property.enumerable) return this.not('is not enumerable', name);
      if (name === '__proto__') return this.not('has a name that JSON readers take for the prototype', name);
      const inner: unknown = property.value;
      // The bulk of all data, without a call.
      if (typeof inner === 'string' || this.plain(inner, depth + 1)) continue;
      this.trail.push(name);
      return false;
    }
    return true;
  }

  private elements(value: readonly unknown[], depth: number): boolean {
    const length = value.length;
    // More than elements are named properties, fewer are holes.
    if (Object.keys(value).length !== length) return this.not('is an array with holes or named properties');
    for (let i = 0; i < length; i++) {
      if (this.plain(value[i], depth + 1)) continue;
      this.trail.push(i);
      return false;
    }
    return true;
  }

  /** False for an object seen before: JSON would make two of it, or never end. */
  private first(value: object): boolean {
    if (this.many !== undefined) {
      const before = this.many.size;
      return this.many.add(value).size > before;
    }
    const few = this.few;
    for (let i = few.length - 1; i >= 0; i--) if (few[i] === value) return false;
    if (few.push(value) === FEW) this.many = new Set(few);
    return true;
  }

  private not(reason: string | (() => string), name?: string): boolean {
    this.reason = reason;
    if (name !== undefined) this.trail.push(name);
    return false;
  }
}

/**
 * True when `JSON.parse(JSON.stringify(value))` is the value in every respect: strings, booleans, null, finite numbers but -0,
 * and dense arrays and plain objects of such, each of them in one place only and not deeper than {@link MAX_DEPTH}. No
 * property is lost or changed: symbols, getters, what is not enumerable, names on arrays and `__proto__` make it false. What
 * is not looked for, because it would cost more than all the rest: getters and hidden names on arrays. Getters are not
 * run. O(n), about as long as `JSON.stringify` takes.
 */
export function isPlain(value: unknown): boolean {
  return passes(new PlainWalk(), value);
}

/** Where and why JSON would not give the value back: `value.when is a Date`. Empty when it would. */
export function whyNotPlain(value: unknown): string {
  const walk = new PlainWalk();
  if (passes(walk, value)) return '';
  const { reason, trail } = walk;
  return `${valuePath(trail.reverse())} ${typeof reason === 'string' ? reason : reason()}`;
}

function passes(walk: PlainWalk, value: unknown): boolean {
  try {
    return walk.plain(value, 0);
  } catch (error) {
    // A proxy does as it likes.
    walk.reason = `cannot be read (${reasonInWords(error)})`;
    return false;
  }
}

function kindInWords(kind: string | undefined, value: object): string {
  if (kind === 'Dictionary') return 'an object without a prototype';
  if (kind === undefined) return objectInWords(value);
  return `${/^[AEIO]/.test(kind) ? 'an' : 'a'} ${kind}`;
}

function numberInWords(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}
