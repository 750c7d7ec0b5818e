/** Changes of one key in the order they were asked for: a write must not land behind a later delete. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Runs the task after every earlier one of this key has settled. */
  take<Result>(key: string, task: () => Promise<Result>): Promise<Result> {
    const before = this.#last.get(key);
    const turn = before === undefined ? task() : before.then(task);
    const settled: Promise<void> = turn.then(
      () => this.#forget(key, settled),
      () => this.#forget(key, settled),
    );
    this.#last.set(key, settled);
    return turn;
  }

  /** Settles with the last change of the key asked for so far, or of all keys. Never rejects. */
  async settled(key?: string): Promise<void> {
    await (key === undefined ? Promise.all(this.#last.values()) : this.#last.get(key));
  }

  #forget(key: string, settled: Promise<unknown>): void {
    if (this.#last.get(key) === settled) this.#last.delete(key);
  }
}
