/** What a server says to a command, as RESP2 has it: an error inside an array is an `Error`. */
export type Reply = string | number | null | Error | readonly Reply[];

/**
 * Reads one reply (RESP2, https://redis.io/docs/latest/develop/reference/protocol-spec/).
 *
 * @returns The reply and where the next one begins; `undefined` while it is not complete.
 */
export function readReply(
  bytes: Buffer,
  at = 0,
): { readonly reply: Reply; readonly end: number } | undefined {
  const lineEnd = bytes.indexOf('\r\n', at);
  if (lineEnd < 0) return undefined;
  const line = bytes.toString('utf8', at + 1, lineEnd);
  const start = lineEnd + 2;
  switch (String.fromCharCode(bytes[at] ?? 0)) {
    case '+':
      return { reply: line, end: start };
    case '-':
      return { reply: new Error(line), end: start };
    case ':':
      return { reply: Number(line), end: start };
    case '$':
      return readText(bytes, start, Number(line));
    case '*':
      return readArray(bytes, start, Number(line));
    default:
      throw new Error(`no reply of a Redis: ${JSON.stringify(bytes.toString('latin1', at, lineEnd))}`);
  }
}

function readText(bytes: Buffer, start: number, length: number) {
  if (length < 0) return { reply: null, end: start };
  const end = start + length;
  return bytes.length < end + 2 ? undefined : { reply: bytes.toString('utf8', start, end), end: end + 2 };
}

function readArray(bytes: Buffer, start: number, length: number) {
  if (length < 0) return { reply: null, end: start };
  const items: Reply[] = [];
  let end = start;
  for (let index = 0; index < length; index += 1) {
    const item = readReply(bytes, end);
    if (item === undefined) return undefined;
    items.push(item.reply);
    end = item.end;
  }
  return { reply: items, end };
}
