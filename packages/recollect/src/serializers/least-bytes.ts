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
    else if (Array.isArray(part)) {
      bytes += part.length;
      for (let i = 0; within && i < part.length && parts.length < MOST_VISITS; i++) parts.push(part[i]);
    } else if (within && typeof part === 'object' && part !== null) {
      for (const name in part) {
        if (parts.length >= MOST_VISITS) break;
        parts.push((part as Record<string, unknown>)[name]);
      }
    }
  }
  return bytes;
}
