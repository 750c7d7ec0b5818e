/** Damages bytes as they pass: at offsets that were asked for, or one per piece as a seed decides. */
export class ByteFlips {
  /** Counted from the next byte that passes. */
  #offsets: number[] = [];
  /** State of the generator; 0 when none is at work. */
  #random = 0;

  at(offset: number): void {
    this.#offsets.push(offset);
  }

  bySeed(seed: number): void {
    // The generator cannot leave zero.
    this.#random = seed >>> 0 || 1;
  }

  stop(): void {
    this.#offsets = [];
    this.#random = 0;
  }

  /** The piece, or a damaged copy of it. */
  apply(piece: Buffer): Buffer {
    const hit = this.#offsets.filter((offset) => offset < piece.length);
    this.#offsets = this.#offsets
      .filter((offset) => offset >= piece.length)
      .map((each) => each - piece.length);
    if (hit.length === 0 && this.#random === 0) return piece;
    const damaged = Buffer.from(piece);
    for (const offset of hit) damaged.writeUInt8(damaged.readUInt8(offset) ^ 1, offset);
    if (this.#random !== 0) {
      const offset = this.#next() % damaged.length;
      damaged.writeUInt8(damaged.readUInt8(offset) ^ (1 << (this.#next() % 8)), offset);
    }
    return damaged;
  }

  /** Xorshift (Marsaglia, "Xorshift RNGs", Journal of Statistical Software 8, 2003), the triple 13, 17, 5. */
  #next(): number {
    let state = this.#random;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#random = state >>> 0;
    return this.#random;
  }
}
