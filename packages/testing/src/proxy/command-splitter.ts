const ARRAY = 0x2a;
const LINE_END = '\r\n';

/** Cuts what a client of Redis sends into commands, byte for byte. What is no Redis passes in the pieces it comes in. */
export class CommandSplitter {
  #rest: Buffer = Buffer.alloc(0);

  /** The commands that are complete with this chunk. */
  split(chunk: Buffer): Buffer[] {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const commands: Buffer[] = [];
    for (let end = endOfCommand(this.#rest); end > 0; end = endOfCommand(this.#rest)) {
      commands.push(this.#rest.subarray(0, end));
      this.#rest = this.#rest.subarray(end);
    }
    return commands;
  }
}

/** How long the first command is; 0 while it is not complete. Clients of Redis send nothing but arrays of blobs. */
function endOfCommand(bytes: Buffer): number {
  if (bytes[0] !== ARRAY) return bytes.length;
  let at = 0;
  const number = () => {
    const end = bytes.indexOf(LINE_END, at);
    if (end < 0) return undefined;
    const value = Number(bytes.toString('latin1', at + 1, end));
    at = end + LINE_END.length;
    return value;
  };
  const count = number();
  if (count === undefined) return 0;
  for (let index = 0; index < count; index += 1) {
    const length = number();
    if (length === undefined) return 0;
    at += length + LINE_END.length;
  }
  return at <= bytes.length ? at : 0;
}
