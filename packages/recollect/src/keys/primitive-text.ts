import { MAX_KEY_UNITS } from './key-limits.js';

/** Up to here a look at every unit costs less than a call into the JSON encoder. */
const SHORT = 32;

const INT_64 = 2n ** 63n;
/** Four bits to a hex digit, and one for the sign. */
const LONGEST_BIGINT_BITS = MAX_KEY_UNITS * 4 + 1;

/**
 * The string as JSON writes it: quoted, with control characters, quotes, backslashes and lone surrogates escaped, so
 * that the text is well-formed Unicode and no two strings share it.
 */
export function quoted(text: string): string {
  if (text.length > SHORT) return JSON.stringify(text);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x20 || unit === 0x22 || unit === 0x5c || unit >= 0xd800) return JSON.stringify(text);
  }
  return `"${text}"`;
}

/** The text of a primitive; `undefined` for what is none, for symbols, and for what is too long to be in a key. */
export function primitiveText(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return value.length > MAX_KEY_UNITS ? undefined : quoted(value);
    case 'number':
      return value === 0 && Object.is(value, -0) ? '-0' : String(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'undefined':
      return 'undefined';
    case 'bigint':
      return bigintText(value);
    default:
      return value === null ? 'null' : undefined;
  }
}

/** Decimal within 64 bits, hex beyond: decimal digits of a huge number take time that grows faster than its length. */
function bigintText(value: bigint): string | undefined {
  if (value > -INT_64 && value < INT_64) return `${value}n`;
  if (BigInt.asIntN(LONGEST_BIGINT_BITS, value) !== value) return undefined;
  return value < 0n ? `-0x${(-value).toString(16)}n` : `0x${value.toString(16)}n`;
}
