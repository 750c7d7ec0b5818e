import { decodeText } from './envelope-text.js';

/**
 * Reads forward through a part of some bytes. A read that would pass the end yields 0 or nothing and sets `overrun`, once
 * for all, so that the reader checks one flag instead of each step.
 */
export class EnvelopeCursor {
  overrun = false;

  constructor(
    private readonly data: Uint8Array,
    private at: number,
    private readonly end: number,
  ) {}

  uint8(): number {
    return this.#take(1) ? (this.data[this.at - 1] as number) : 0;
  }

  /** Big-endian. */
  uint16(): number {
    return this.#take(2) ? ((this.data[this.at - 2] as number) << 8) | (this.data[this.at - 1] as number) : 0;
  }

  /** @throws TypeError when the bytes are not UTF-8. */
  text(length: number): string {
    return this.#take(length) ? decodeText(this.data.subarray(this.at - length, this.at)) : '';
  }

  /** What is left, as a view. */
  rest(): Uint8Array {
    return this.data.subarray(this.at, this.end);
  }

  #take(bytes: number): boolean {
    if (this.overrun || bytes > this.end - this.at) {
      this.overrun = true;
      return false;
    }
    this.at += bytes;
    return true;
  }
}
