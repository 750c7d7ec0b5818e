import { Carried } from './carried.js';
import { refusalOf } from './refusal.js';
import { RichWriter } from './rich-writer.js';

/**
 * True when `JSON.parse(JSON.stringify(value))` is the value in every respect: strings, booleans, null, finite numbers but -0,
 * and dense arrays and plain objects of such, each of them in one place only and not deeper than `MAX_DEPTH`. No
 * property is lost or changed: symbols, getters, what is not enumerable, names on arrays and `__proto__` make it false. What
 * is not looked for, because it would cost more than all the rest: getters and hidden names on arrays. Getters are not
 * run. O(n), somewhat less than `JSON.stringify` takes.
 */
export function isPlain(value: unknown): boolean {
  try {
    return new Carried(value).plain;
  } catch {
    return false;
  }
}

/** Where and why JSON would not give the value back: `value.when is a Date`. Empty when it would. */
export function whyNotPlain(value: unknown): string {
  try {
    new RichWriter(0, 'plain').json(value, 0);
    return '';
  } catch (error) {
    return refusalOf(error).text;
  }
}
