import { KeyError } from '../model/errors.js';

/** One step into a value: a property's name, or a position in an array, a map or a set. */
export type KeyStep = string | number | undefined;

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;
const BOXED = new Set(['Boolean', 'Number', 'String', 'BigInt', 'Symbol']);
const WEAK = new Set(['WeakMap', 'WeakSet', 'WeakRef']);

/** The error for something that cannot be part of a key; `subject` and `steps` lead to it, `what` says what it is. */
export function keyRefusal(subject: string | number, steps: readonly KeyStep[], what: string): KeyError {
  const argument = typeof subject === 'number';
  const where = `${argument ? `argument ${subject}` : subject}${steps.map(pathStep).join('')}`;
  const instead = argument
    ? 'name what matters with the key: option, or make its class known with registerKeyType(name, Class, parts)'
    : 'use plain data, or make its class known with registerKeyType(name, Class, parts)';
  return new KeyError(`${where} ${what}, so it cannot be part of a key; ${instead}`, argument ? subject : 0);
}

function pathStep(step: KeyStep): string {
  if (step === undefined) return '';
  if (typeof step === 'number') return `[${step}]`;
  return IDENTIFIER.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
}

/** What an object without a form is, in words. May run code of a proxy or a getter. */
export function objectInWords(value: object): string {
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  if (tag === 'Error') return 'an Error';
  if (BOXED.has(tag)) return `a boxed ${tag}`;
  if (WEAK.has(tag)) return `a ${tag}`;
  if ('then' in value && typeof value.then === 'function') return 'a promise';
  if ('next' in value && typeof value.next === 'function') return 'an iterator';
  const name: unknown = value.constructor?.name;
  if (typeof name === 'string' && name !== '' && name !== 'Object') return `an instance of ${name}`;
  return tag === 'Object' ? 'an object with a prototype of its own' : `an object of kind ${tag}`;
}

/** Why reading something failed; whatever was thrown may itself be hostile. */
export function reasonInWords(thrown: unknown): string {
  try {
    return thrown instanceof Error ? thrown.message : String(thrown);
  } catch {
    return 'it throws';
  }
}
