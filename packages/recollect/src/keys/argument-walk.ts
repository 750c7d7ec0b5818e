import type { KeyError } from '../model/errors.js';
import { BUILT_IN_FORMS } from './built-in-forms.js';
import { builtInName } from './built-in-name.js';
import type { FormWalk, KeyForm } from './key-form.js';
import { MAX_KEY_DEPTH, MAX_KEY_UNITS } from './key-limits.js';
import { type KeyStep, keyRefusal, objectInWords, reasonInWords } from './key-refusal.js';
import { type KeyType, keyTypeOf } from './key-types.js';
import { primitiveText, quoted } from './primitive-text.js';

/** Names up to which insertion sort is used. */
const FEW = 16;

const kindTag = Object.prototype.toString;
const isEnumerable = Object.prototype.propertyIsEnumerable;

/**
 * One pass through one list of arguments: recursion bounded by depth, with the way to where it stands, so that a
 * refusal can name it. All of its texts are `undefined` when a limit is passed or a cycle found. Every call makes a walk
 * of its own, because a getter may well call another memoized method.
 */
export class ArgumentWalk implements FormWalk {
  private readonly path: object[] = [];
  private readonly steps: KeyStep[] = [];
  private depth = 0;
  private units = MAX_KEY_UNITS;
  private refusal: KeyError | undefined;

  constructor(
    private nodes: number,
    private subject: string | number,
  ) {}

  /**
   * The text of one argument.
   *
   * @throws KeyError when something in it cannot be part of a key, or cannot be read.
   */
  from(value: unknown, subject: string | number): string | undefined {
    this.subject = subject;
    try {
      return this.text(value);
    } catch (thrown) {
      // A getter can throw anything, even the refusal of another walk: only this walk's own is passed on.
      throw thrown === this.refusal ? thrown : this.refuse(`cannot be read (${reasonInWords(thrown)})`);
    }
  }

  spend(nodes: number, units: number): boolean {
    this.nodes -= nodes;
    this.units -= units;
    return this.nodes >= 0 && this.units >= 0;
  }

  inside(value: unknown, position?: number): string | undefined {
    this.steps[this.depth - 1] = position;
    return this.text(value);
  }

  private text(value: unknown): string | undefined {
    const text = primitiveText(value);
    if (text !== undefined) return this.spend(0, text.length) ? text : undefined;
    if (typeof value === 'function') throw this.refuse('is a function');
    if (typeof value === 'symbol') throw this.refuse('is a symbol');
    // What is left of the primitives is a string or a bigint beyond the limit.
    return typeof value === 'object' ? this.within(value as object) : undefined;
  }

  /** Enters an object and leaves it again, unless it is too deep or among its own ancestors. */
  private within(value: object): string | undefined {
    if (this.depth === MAX_KEY_DEPTH) return undefined;
    for (let i = 0; i < this.depth; i++) if (this.path[i] === value) return undefined;
    this.path[this.depth] = value;
    this.steps[this.depth++] = undefined;
    const text = this.object(value);
    this.depth--;
    return text;
  }

  private object(value: object): string | undefined {
    const prototype: object | null = Object.getPrototypeOf(value);
    if (prototype === Object.prototype || prototype === null) return this.plain(value);
    if (prototype === Array.prototype && Array.isArray(value)) return this.array(value);
    const type = keyTypeOf(prototype);
    if (type !== undefined) return this.registered(value, type);
    const name = builtInName(prototype);
    if (name === 'Object') return this.plain(value);
    if (name === 'Array' && Array.isArray(value)) return this.array(value);
    const form = name === undefined ? undefined : BUILT_IN_FORMS.get(name);
    if (form?.owns(value, prototype)) return this.formed(value, form);
    throw this.refuse(`is ${objectInWords(value)}`);
  }

  private plain(value: object): string | undefined {
    this.refuseSymbols(value);
    // `arguments`, and a built-in that was given the prototype of plain objects.
    if (kindTag.call(value) !== '[object Object]') throw this.refuse(`is ${objectInWords(value)}`);
    return this.properties(value, Object.keys(value));
  }

  private array(value: readonly unknown[]): string | undefined {
    const length = value.length;
    if (!this.spend(length, length)) return undefined;
    this.refuseSymbols(value);
    let text = '[';
    let present = 0;
    for (let i = 0; i < length; i++) {
      this.steps[this.depth - 1] = i;
      const element = value[i];
      const hole = element === undefined && !Object.hasOwn(value, i);
      const inner = hole ? '_' : this.text(element);
      if (inner === undefined) return undefined;
      if (!hole) present++;
      text += i === 0 ? inner : `,${inner}`;
    }
    const named = Object.keys(value).slice(present);
    return this.withNamed(`${text}]`, value, named);
  }

  private registered(value: object, type: KeyType): string | undefined {
    if (!this.spend(1, type.name.length)) return undefined;
    const parts = this.inside((type.parts as (instance: object) => unknown)(value));
    return parts === undefined ? undefined : `@${quoted(type.name)}(${parts})`;
  }

  private formed(value: object, form: KeyForm): string | undefined {
    if (form.ignores !== 'symbols') this.refuseSymbols(value);
    const text = form.text(value, this);
    if (text === undefined || form.ignores === 'properties') return text;
    return this.withNamed(text, value, Object.keys(value));
  }

  /** Properties that somebody gave to an array or a built-in follow its text: the index of a regular expression's match. */
  private withNamed(text: string, value: object, named: string[]): string | undefined {
    if (named.length === 0) return text;
    const properties = this.properties(value, named);
    return properties === undefined ? undefined : text + properties;
  }

  private properties(value: object, names: string[]): string | undefined {
    if (!this.spend(names.length, names.length)) return undefined;
    inOrder(names);
    // Round, because Redis Cluster takes what stands in braces for the part of a key that names its slot.
    let text = '(';
    for (let i = 0; i < names.length; i++) {
      const name = names[i] as string;
      if (!this.spend(0, name.length)) return undefined;
      this.steps[this.depth - 1] = name;
      const inner = this.text((value as Record<string, unknown>)[name]);
      if (inner === undefined) return undefined;
      text += i === 0 ? `${quoted(name)}:${inner}` : `,${quoted(name)}:${inner}`;
    }
    return `${text})`;
  }

  private refuseSymbols(value: object): void {
    const symbols = Object.getOwnPropertySymbols(value);
    for (let i = 0; i < symbols.length; i++) {
      const symbol = symbols[i] as symbol;
      if (isEnumerable.call(value, symbol))
        throw this.refuse(`has a property named by a symbol (${String(symbol)})`);
    }
  }

  private refuse(what: string): KeyError {
    this.refusal = keyRefusal(this.subject, this.steps.slice(0, this.depth), what);
    return this.refusal;
  }
}

/** Sorts by UTF-16 unit, in place: names are few and mostly in order, where insertion beats a general sort. */
function inOrder(names: string[]): void {
  if (names.length > FEW) {
    names.sort();
    return;
  }
  for (let i = 1; i < names.length; i++) {
    const name = names[i] as string;
    let at = i;
    for (; at > 0 && (names[at - 1] as string) > name; at--) names[at] = names[at - 1] as string;
    names[at] = name;
  }
}
