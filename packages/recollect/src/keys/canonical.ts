import { ArgumentWalk } from './argument-walk.js';
import { MAX_KEY_NODES, MAX_KEY_UNITS } from './key-limits.js';
import { primitiveText } from './primitive-text.js';

/**
 * The canonical form of a list of arguments: text that two lists share if and only if they are equal in the sense below.
 * `undefined` when the arguments are cyclic or beyond a limit (64 levels of nesting, 100 000 values, 262 144 UTF-16 units
 * of text): such a call is not cacheable, which is found out without going through all of it.
 *
 * Equality, throughout by content and never by reference:
 * - Lists: position by position; an `undefined` at the end counts as missing, `f(1)` is `f(1, undefined)`.
 * - Primitives: same type and same value. `1`, `'1'`, `1n` and `true` differ, as do `null` and `undefined`, and `0` and
 *   `-0`; `NaN` equals itself. Strings are compared by UTF-16 unit, lone surrogates included, and not normalised.
 * - Arrays: same length, equal elements; a hole equals only a hole. Named properties count, as in plain objects.
 * - Plain objects, with or without a prototype: the same own enumerable string keys, in any order, with equal values.
 *   `{ a: undefined }` differs from `{}`, and a key `__proto__` is like any other. Getters are read once; `toJSON` and what
 *   is not enumerable are ignored.
 * - `Map` and `Set`: equal entries in any order, each of one side having its own counterpart on the other.
 * - `Date` by its time (invalid equals invalid), `URL` by `href`, `URLSearchParams` by their pairs in order, `RegExp` by source
 *   and flags (not by `lastIndex`). Properties added to any built-in but a typed array count as well.
 * - `ArrayBuffer` and `DataView` by their bytes, typed arrays by element type and elements (added properties are not looked
 *   at); a `Buffer` is a `Uint8Array`.
 * - An instance of a class made known with `registerKeyType`: same name, equal parts.
 * - Values of different kinds always differ. The realm that a value comes from makes no difference.
 *
 * Time and space grow with the size of the arguments, and with n log n of the keys of an object, map or set.
 *
 * @throws KeyError naming the argument and the way into it, for what has no content to compare: functions, symbols and
 *   properties named by them, promises, iterators, weak collections, errors, boxed primitives, instances of other classes
 *   and subclasses, and whatever throws when it is read.
 */
export function canonicalArguments(args: ArrayLike<unknown>): string | undefined {
  let length = args.length;
  while (length > 0 && args[length - 1] === undefined) length--;
  if (length > MAX_KEY_NODES) return undefined;
  let walk: ArgumentWalk | undefined;
  let text = '';
  for (let i = 0; i < length; i++) {
    const value = args[i];
    let one = primitiveText(value);
    if (one === undefined) {
      walk ??= new ArgumentWalk(MAX_KEY_NODES - length, i);
      one = walk.from(value, i);
      if (one === undefined) return undefined;
    }
    text = i === 0 ? one : `${text},${one}`;
    if (text.length > MAX_KEY_UNITS) return undefined;
  }
  return text;
}

/**
 * The canonical form of one value, with the equality and the limits of {@link canonicalArguments}; here `undefined` is a
 * value like any other. `subject` is what messages call it.
 *
 * @throws KeyError as {@link canonicalArguments} does; its `argument` is 0.
 */
export function canonicalValue(value: unknown, subject = 'value'): string | undefined {
  const text = primitiveText(value) ?? new ArgumentWalk(MAX_KEY_NODES - 1, subject).from(value, subject);
  return text === undefined || text.length > MAX_KEY_UNITS ? undefined : text;
}
