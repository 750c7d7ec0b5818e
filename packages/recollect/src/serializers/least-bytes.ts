/** Parts that are looked at: enough for what is one large text or a few, and over at once for everything else. */
const MOST_VISITS = 256;

/**
 * How many bytes a value takes at least when JSON or superjson encode it, as far as that can be told at once: a text takes a
 * byte per UTF-16 unit or more, bytes take more in base64, and elements of arrays one each.
 *
 * @param within also looks into the first parts of the value, which runs its getters: for copies that have none.
 */
export function leastBytes(value: unknown, within: boolean): number {
  if (typeof value === 'string') return value.length;
  const parts: unknown[] = [value];
  let visits = within ? 0 : MOST_VISITS;
  let bytes = 0;
  const visit = (part: unknown): void => {
    visits++;
    if (typeof part === 'string') bytes += part.length;
    else if (typeof part === 'object') parts.push(part);
  };
  for (let at = 0; at < parts.length; at++) {
    const part = parts[at];
    if (ArrayBuffer.isView(part)) bytes += part.byteLength;
    else if (Array.isArray(part)) {
      bytes += part.length;
      for (let i = 0; i < part.length && visits < MOST_VISITS; i++) visit(part[i]);
    } else if (typeof part === 'object') {
      for (const name in part) {
        if (visits >= MOST_VISITS) break;
        visit((part as Record<string, unknown>)[name]);
      }
    }
  }
  return bytes;
}
