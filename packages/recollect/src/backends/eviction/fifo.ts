import type { LocalEntry } from '../../ports/local-backend.js';
import type { EvictionPolicy } from './eviction-policy.js';

/** First in, first out: a doubly linked list, threaded through the entries themselves. Uses do not count. */
export class Fifo implements EvictionPolicy {
  size = 0;
  #newest: LocalEntry | undefined;
  #oldest: LocalEntry | undefined;

  add(entry: LocalEntry): void {
    entry.older = this.#newest;
    entry.newer = undefined;
    if (this.#newest === undefined) this.#oldest = entry;
    else this.#newest.newer = entry;
    this.#newest = entry;
    this.size++;
  }

  touch(_entry: LocalEntry): void {}

  remove(entry: LocalEntry): void {
    const { newer, older } = entry;
    if (newer === undefined) this.#newest = older;
    else newer.older = older;
    if (older === undefined) this.#oldest = newer;
    else older.newer = newer;
    entry.newer = undefined;
    entry.older = undefined;
    this.size--;
  }

  evict(): LocalEntry | undefined {
    const entry = this.#oldest;
    if (entry !== undefined) this.remove(entry);
    return entry;
  }

  entries(): LocalEntry[] {
    const found: LocalEntry[] = [];
    for (let entry = this.#oldest; entry !== undefined; entry = entry.newer) found.push(entry);
    return found;
  }
}
