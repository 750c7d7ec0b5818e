/** Parts that are looked at: enough for what is one large text or a few, and over at once for everything else. */
const MOST_VISITS = 256;

/**
 * How many bytes a value takes at least when JSON or superjson encode it, as far as that can be told at once: a text takes a
 * byte per UTF-16 unit or more, bytes take more in base64, and elements of arrays one each.
 *
 * @param within also looks into the first parts of the value, which runs its getters: for copies that have none.
 */
export function leastBytes(value: unknown, within: boolean): number {
  const parts: unknown[] = [value];
  let bytes = 0;
  for (let at = 0; at < parts.length; at++) {
    const part = parts[at];
    if (typeof part === 'string') bytes += part.length;
    else if (ArrayBuffer.isView(part)) bytes += part.byteLength;
    else if (typeof part === 'object' && part !== null) {
      if (Array.isArray(part)) bytes += part.length;
      const room = MOST_VISITS - parts.length;
      if (within && room > 0)
        parts.push(...(Array.isArray(part) ? part.slice(0, room) : Object.values(part).slice(0, room)));
    }
  }
  return bytes;
}
