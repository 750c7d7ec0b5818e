import { decodeText, encodeText } from '../model/envelope-text.js';
import { SerializationError } from '../model/errors.js';

/** Whose `toJSON` would be called behind the back of whoever writes plain data. */
const JSON_CLASSES = [
  Object.prototype,
  Array.prototype,
  String.prototype,
  Number.prototype,
  Boolean.prototype,
];

/** How `__proto__` can be spelled in JSON text: plainly, or with any of its letters as an escape. */
const SUSPECT = /__proto__|\\u00[567]/i;

/** JSON text of plain data, in UTF-8. @throws SerializationError when a polyfill would change it on the way. */
export function encodeJson(value: unknown): Uint8Array {
  for (const prototype of JSON_CLASSES) {
    if ('toJSON' in prototype)
      throw new SerializationError(
        'a toJSON method was added to a built-in prototype, so JSON would change the value',
      );
  }
  return encodeText(JSON.stringify(value));
}

/**
 * The data of a JSON text in UTF-8. A property named `__proto__` is refused: nothing here writes one, and copying it
 * with `Object.assign` would change a prototype (CVE-2022-23631 and its kin).
 *
 * @throws Error for everything that is not such a text.
 */
export function decodeJson(data: Uint8Array): unknown {
  const text = decodeText(data);
  const value: unknown = JSON.parse(text);
  if (SUSPECT.test(text) && namesPrototype(value)) throw new SyntaxError('a property is named __proto__');
  return value;
}

/** With a list instead of recursion: this data may be nested as deep as it likes. */
function namesPrototype(value: unknown): boolean {
  const left = [value];
  while (left.length > 0) {
    const one = left.pop();
    if (typeof one !== 'object' || one === null) continue;
    if (Object.hasOwn(one, '__proto__')) return true;
    for (const inner of Object.values(one)) left.push(inner);
  }
  return false;
}
