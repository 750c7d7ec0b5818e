/** Cuts the bytes a client sends into commands. Clients send nothing but arrays of blobs. */
export class CommandReader {
  #rest = Buffer.alloc(0);

  /** The commands that are complete with this chunk, each as its arguments. */
  read(chunk: Buffer): Buffer[][] {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    const commands: Buffer[][] = [];
    for (let command = this.#next(); command !== undefined; command = this.#next()) commands.push(command);
    return commands;
  }

  #next(): Buffer[] | undefined {
    let at = 0;
    const number = () => {
      const end = this.#rest.indexOf('\r\n', at);
      if (end < 0) return undefined;
      const value = Number(this.#rest.toString('latin1', at + 1, end));
      at = end + 2;
      return value;
    };
    const count = number();
    if (count === undefined) return undefined;
    const command: Buffer[] = [];
    for (let index = 0; index < count; index += 1) {
      const length = number();
      if (length === undefined || this.#rest.length < at + length + 2) return undefined;
      command.push(this.#rest.subarray(at, at + length));
      at += length + 2;
    }
    this.#rest = this.#rest.subarray(at);
    return command;
  }
}
