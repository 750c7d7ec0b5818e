import { builtInName, TYPED_ARRAYS } from '../keys/built-in-name.js';
import { slot, succeeds } from '../keys/key-form.js';

/** The error classes of the language. */
export const ERROR_NAMES: readonly string[] = [
  ...['Error', 'AggregateError', 'EvalError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError'],
  'URIError',
];

const { URL, URLSearchParams, Buffer } = globalThis as unknown as {
  readonly URL: { readonly prototype: object };
  readonly URLSearchParams: { readonly prototype: object & { toString(): string } };
  readonly Buffer?: { readonly prototype: object };
};

const tagOf = Object.prototype.toString;
const sourceOf = Function.prototype.toString;
const typedKind = slot(Object.getPrototypeOf(Uint8Array.prototype) as object, Symbol.toStringTag);

type Owns = (value: object) => boolean;

/** Whether an object really is what its prototype says: only its internal slots decide. */
const OWNS: ReadonlyMap<string, Owns> = new Map<string, Owns>([
  ['Array', Array.isArray],
  ['Map', succeeds(slot(Map.prototype, 'size'))],
  ['Set', succeeds(slot(Set.prototype, 'size'))],
  ['Date', succeeds((value) => Date.prototype.getTime.call(value as Date))],
  ['RegExp', succeeds(slot(RegExp.prototype, 'source'))],
  ['ArrayBuffer', succeeds(slot(ArrayBuffer.prototype, 'byteLength'))],
  ['DataView', succeeds(slot(DataView.prototype, 'byteLength'))],
  ['URL', succeeds(slot(URL.prototype, 'href'))],
  ['URLSearchParams', succeeds((value) => URLSearchParams.prototype.toString.call(value))],
  [
    'Buffer',
    (value) => Object.getPrototypeOf(value) === Buffer?.prototype && typedKind(value) === 'Uint8Array',
  ],
  ...TYPED_ARRAYS.map((name): [string, Owns] => [name, (value) => typedKind(value) === name]),
  // No slot of an error can be read; without a tag of its own it is told by the one the language gives it.
  ...ERROR_NAMES.map((name): [string, Owns] => [name, (value) => tagOf.call(value) === '[object Error]']),
]);

/**
 * Which built-in class the object is an instance of, by name and in whatever realm: `Object` and `Array` for plain data,
 * `Dictionary` for an object without a prototype, else `Map`, `Float32Array`, `TypeError` and so on. `undefined` for instances of
 * other classes, subclasses of built-ins included.
 */
export function valueKind(value: object): string | undefined {
  const prototype: object | null = Object.getPrototypeOf(value);
  if (prototype === Object.prototype) return 'Object';
  if (prototype === null) return 'Dictionary';
  const name = builtInName(prototype) ?? errorName(prototype);
  return name === undefined || OWNS.get(name)?.(value) === false ? undefined : name;
}

/** The built-in kind that instances with this prototype have, `undefined` for a class of the application. */
export function prototypeKind(prototype: object): string | undefined {
  return builtInName(prototype) ?? errorName(prototype);
}

const errorNames = new WeakMap<object, string>();

function errorName(prototype: object): string | undefined {
  const known = errorNames.get(prototype);
  if (known !== undefined) return known;
  const maker: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
  if (typeof maker !== 'function' || maker.prototype !== prototype || !ERROR_NAMES.includes(maker.name))
    return undefined;
  // An application may well name a class of its own TypeError.
  if (!sourceOf.call(maker).endsWith('{ [native code] }')) return undefined;
  errorNames.set(prototype, maker.name);
  return maker.name;
}
