/** Objects up to which a scan of a list is faster than a set. */
const FEW = 24;

/** The objects that a walk through a value has met. */
export class SeenObjects {
  readonly #few: object[] = [];
  #many: Set<object> | undefined;

  /** False for an object that was met before. */
  add(value: object): boolean {
    if (this.#many !== undefined) {
      const before = this.#many.size;
      return this.#many.add(value).size > before;
    }
    const few = this.#few;
    for (let i = few.length - 1; i >= 0; i--) if (few[i] === value) return false;
    if (few.push(value) === FEW) this.#many = new Set(few);
    return true;
  }

  /** In the order in which they were met. */
  get all(): Iterable<object> {
    return this.#many ?? this.#few;
  }
}
