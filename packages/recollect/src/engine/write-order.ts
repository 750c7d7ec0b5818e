/** Writes of one process to one shared tier, in the order in which they began, key by key. */
export class WriteOrder {
  /** The last write under way per key. What comes after waits for it, or it would land behind: writes, invalidations. */
  readonly #writing = new Map<string, Promise<unknown>>();

  /** Begins `work` at once; it calls `before` to wait for the writes of these keys that began earlier. */
  async write<T>(keys: readonly string[], work: (before: () => Promise<unknown>) => Promise<T>): Promise<T> {
    const earlier = keys.flatMap((key) => this.#writing.get(key) ?? []);
    const writing = work(async () => {
      if (earlier.length > 0) await Promise.allSettled(earlier);
    });
    for (const key of keys) this.#writing.set(key, writing);
    try {
      return await writing;
    } finally {
      for (const key of keys) if (this.#writing.get(key) === writing) this.#writing.delete(key);
    }
  }

  /** Resolves when the writes of these keys that have begun are over, whatever came of them. */
  async settled(keys: readonly string[]): Promise<void> {
    await Promise.allSettled(keys.flatMap((key) => this.#writing.get(key) ?? []));
  }
}
