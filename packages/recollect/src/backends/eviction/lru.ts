import type { LocalEntry } from '../../ports/local-backend.js';

/** One doubly linked list, threaded through the entries themselves: no allocation per use. */
class Recency {
  newest: LocalEntry | undefined;
  oldest: LocalEntry | undefined;

  add(entry: LocalEntry): void {
    entry.older = this.newest;
    entry.newer = undefined;
    if (this.newest === undefined) this.oldest = entry;
    else this.newest.newer = entry;
    this.newest = entry;
  }

  remove(entry: LocalEntry): void {
    const { newer, older } = entry;
    if (newer === undefined) this.newest = older;
    else newer.older = older;
    if (older === undefined) this.oldest = newer;
    else older.newer = newer;
    entry.newer = undefined;
    entry.older = undefined;
  }
}

/**
 * Exact least-recently-used order. Immortal entries (no expiry) stand in a list of their own, which is drawn upon only
 * when no mortal entry is left. Every operation is O(1).
 */
export class LruOrder {
  readonly #mortal = new Recency();
  readonly #immortal = new Recency();

  add(entry: LocalEntry): void {
    this.#listOf(entry).add(entry);
  }

  touch(entry: LocalEntry): void {
    // The newest entry of its list has nothing newer: with one hot key a use costs one comparison.
    if (entry.newer === undefined) return;
    const list = this.#listOf(entry);
    list.remove(entry);
    list.add(entry);
  }

  remove(entry: LocalEntry): void {
    this.#listOf(entry).remove(entry);
  }

  /** The entry to evict next. */
  victim(): LocalEntry | undefined {
    return this.#mortal.oldest ?? this.#immortal.oldest;
  }

  #listOf(entry: LocalEntry): Recency {
    return entry.freshUntil === Number.POSITIVE_INFINITY ? this.#immortal : this.#mortal;
  }
}
