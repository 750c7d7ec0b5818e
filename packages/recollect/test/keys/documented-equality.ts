import { types } from 'node:util';

/**
 * Equality of argument lists as the docstring of `canonicalArguments` words it, written without a look at how the text
 * is made: pair by pair, with Node's own type tests, and by search where order does not matter.
 */
export function documentedEqual(a: readonly unknown[], b: readonly unknown[]): boolean {
  const left = trimmed(a);
  const right = trimmed(b);
  return left === right ? everyIndex(left, (i) => equal(a[i], b[i])) : false;
}

function trimmed(list: readonly unknown[]): number {
  return list.findLastIndex((value) => value !== undefined) + 1;
}

function everyIndex(length: number, test: (index: number) => boolean): boolean {
  for (let i = 0; i < length; i++) if (!test(i)) return false;
  return true;
}

function equal(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Object.is(a, b);
  const kind = kindOf(a);
  if (kind !== kindOf(b)) return false;
  switch (kind) {
    case 'array':
      return equalArrays(a as unknown[], b as unknown[]) && equalProperties(a, b, named);
    case 'object':
      return equalProperties(a, b, Object.keys);
    case 'map':
      return (
        matched([...(a as Map<unknown, unknown>)], [...(b as Map<unknown, unknown>)]) &&
        equalProperties(a, b, Object.keys)
      );
    case 'set':
      return (
        matched([...(a as Set<unknown>)], [...(b as Set<unknown>)]) && equalProperties(a, b, Object.keys)
      );
    case 'date':
      return Object.is((a as Date).getTime(), (b as Date).getTime()) && equalProperties(a, b, Object.keys);
    case 'regexp':
      return (
        (a as RegExp).source === (b as RegExp).source &&
        (a as RegExp).flags === (b as RegExp).flags &&
        equalProperties(a, b, Object.keys)
      );
    case 'url':
      return (a as URL).href === (b as URL).href;
    case 'params':
      return equal([...(a as URLSearchParams)], [...(b as URLSearchParams)]);
    case 'buffer':
      return equalElements(new Uint8Array(a as ArrayBuffer), new Uint8Array(b as ArrayBuffer));
    case 'view':
      return equalElements(bytesOf(a as DataView), bytesOf(b as DataView));
    default:
      return equalElements(a as Uint8Array, b as Uint8Array);
  }
}

function kindOf(value: object): string {
  if (Array.isArray(value)) return 'array';
  if (types.isMap(value)) return 'map';
  if (types.isSet(value)) return 'set';
  if (types.isDate(value)) return 'date';
  if (types.isRegExp(value)) return 'regexp';
  if (types.isArrayBuffer(value)) return 'buffer';
  if (types.isDataView(value)) return 'view';
  if (types.isTypedArray(value)) return Buffer.isBuffer(value) ? 'Uint8Array' : value[Symbol.toStringTag];
  if (value instanceof URL) return 'url';
  if (value instanceof URLSearchParams) return 'params';
  return 'object';
}

function equalArrays(a: unknown[], b: unknown[]): boolean {
  return a.length === b.length && everyIndex(a.length, (i) => i in a === i in b && equal(a[i], b[i]));
}

function equalElements(a: ArrayLike<unknown>, b: ArrayLike<unknown>): boolean {
  return a.length === b.length && everyIndex(a.length, (i) => Object.is(a[i], b[i]));
}

function bytesOf(view: DataView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

function named(array: object): string[] {
  return Object.keys(array).filter((key) => String(Number(key) >>> 0) !== key);
}

function equalProperties(a: object, b: object, keysOf: (value: object) => string[]): boolean {
  const keys = keysOf(a);
  const get = (value: object, key: string) => (value as Record<string, unknown>)[key];
  return (
    keys.length === keysOf(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && equal(get(a, key), get(b, key)))
  );
}

/** Each member of one side has a counterpart of its own on the other. First fit does, because equality is transitive. */
function matched(a: unknown[], b: unknown[]): boolean {
  if (a.length !== b.length) return false;
  const rest = [...b];
  return a.every((member) => {
    const at = rest.findIndex((other) => equal(member, other));
    if (at >= 0) rest.splice(at, 1);
    return at >= 0;
  });
}
