/** There are as many operations, or bytes, under way as there may be. Nothing was sent. */
export class OverloadError extends Error {
  override readonly name = 'OverloadError';
}

/** Room for so many operations, and so many bytes. Who finds none is turned away; nobody queues. All of it is O(1). */
export class Bulkhead {
  #operations = 0;
  #bytes = 0;

  constructor(
    private readonly maxOperations: number,
    private readonly maxBytes: number,
  ) {}

  /** How many operations are inside. */
  get operations(): number {
    return this.#operations;
  }

  /** How many bytes those inside carry. */
  get bytes(): number {
    return this.#bytes;
  }

  /** True when not even an operation without bytes would find room, or no byte would. */
  get isFull(): boolean {
    return this.#operations >= this.maxOperations || this.#bytes >= this.maxBytes;
  }

  /** Takes a place if there is one. Everyone who got one must `leave`, once, with the same bytes. */
  enter(bytes: number): boolean {
    // Turned this way round so that a NaN is turned away: taken in, it would make every later comparison false.
    if (this.#operations >= this.maxOperations || !(bytes >= 0 && this.#bytes + bytes <= this.maxBytes))
      return false;
    this.#operations++;
    this.#bytes += bytes;
    return true;
  }

  leave(bytes: number): void {
    this.#operations--;
    this.#bytes -= bytes;
  }
}
