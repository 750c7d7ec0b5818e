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

const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;

/** How `__proto__` can be spelled in JSON text: plainly, or with any of its letters as an escape. */
const SUSPECT = /__proto__|\\u00[567]/i;

/** JSON text in UTF-8, of data that JSON can carry. @throws SerializationError when a polyfill would change it. */
export function encodeJson(value: unknown): Uint8Array {
  return encodeText(textOf(value));
}

/**
 * {@link encodeJson}, unless there is a property in it whose name JSON has to escape, such as one with a quotation mark.
 * V8 from 12.8 on (Node 24 and 26) may read such a name as a backslash once anything in the process had a property
 * named by a backslash (nodejs/node#63785), and anybody who can send JSON to the process can see to that.
 */
export function encodeUnescaped(value: unknown): Uint8Array | undefined {
  const text = textOf(value);
  return hasEscapedName(text) ? undefined : encodeText(text);
}

function textOf(value: unknown): string {
  for (const prototype of JSON_CLASSES) {
    if ('toJSON' in prototype)
      throw new SerializationError(
        'a toJSON method was added to a built-in prototype, so JSON would change the value',
      );
  }
  return JSON.stringify(value);
}

/** In text without white space. From one backslash to the end of its string, and on to the next: linear. */
function hasEscapedName(text: string): boolean {
  for (let at = text.indexOf('\\'); at !== -1; at = text.indexOf('\\', at)) {
    while (text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
    at++;
    if (text.charCodeAt(at) === COLON) return true;
  }
  return false;
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
