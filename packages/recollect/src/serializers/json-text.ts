import { decodeText, encodeText } from '../model/envelope-text.js';
import { SerializationError } from '../model/errors.js';

const encoder = new (
  globalThis as unknown as {
    readonly TextEncoder: new () => { encodeInto(text: string, data: Uint8Array): { written: number } };
  }
).TextEncoder();

const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;

/** Bytes of memory that texts are encoded into, one behind the other. */
const SLAB_BYTES = 32 * 1024;
/** Units of text up to which it is worth it. UTF-8 takes three bytes for each at most. */
const MOST_UNITS = SLAB_BYTES / 12;

let slab = new ArrayBuffer(0);
let used = 0;

/**
 * JSON text of data that JSON can carry.
 *
 * @throws SerializationError when a polyfill would change it.
 */
export function jsonText(value: unknown): string {
  // Objects inherit from one of the two; JSON does not ask primitives.
  if ('toJSON' in Array.prototype)
    throw new SerializationError(
      'a toJSON method was added to a built-in prototype, so JSON would change the value',
    );
  return JSON.stringify(value);
}

/**
 * True when there is a property in a JSON text without white space whose name has to be escaped, such as one with a
 * quotation mark. V8 from 12.8 on (Node 24 and 26) may read such a name as a backslash once anything in the process had a
 * property named by a backslash (nodejs/node#63785), and anybody who can send JSON to the process can see to that.
 */
export function hasEscapedName(text: string): boolean {
  // From one backslash to the end of its string, and on to the next: linear.
  for (let at = text.indexOf('\\'); at !== -1; at = text.indexOf('\\', at)) {
    while (text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
    at++;
    if (text.charCodeAt(at) === COLON) return true;
  }
  return false;
}

/**
 * Text in UTF-8. The bytes are nobody else's, but the memory around them may be: to get memory of their own costs more than
 * to encode a short text. Whoever keeps them for long keeps a copy.
 */
export function textBytes(text: string): Uint8Array {
  if (text.length > MOST_UNITS) return encodeText(text);
  const most = text.length * 3;
  if (used + most > slab.byteLength) {
    slab = new ArrayBuffer(SLAB_BYTES);
    used = 0;
  }
  const start = used;
  used += encoder.encodeInto(text, new Uint8Array(slab, start, most)).written;
  return new Uint8Array(slab, start, used - start);
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
  if (mayNamePrototype(text) && namesPrototype(value)) throw new SyntaxError('a property is named __proto__');
  return value;
}

/** `__proto__` can be spelled in JSON text plainly, or with any of its letters as an escape. */
function mayNamePrototype(text: string): boolean {
  return text.includes('__proto__') || (text.includes('\\u00') && /\\u00[567]/.test(text));
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
