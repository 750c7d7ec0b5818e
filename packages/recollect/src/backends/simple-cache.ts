import type { BackendContext } from '../ports/backend-context.js';
import type { LocalBackend, LocalEntry } from '../ports/local-backend.js';
import { BoundedStore, type Bounds } from './bounded-store.js';

export interface SimpleCacheOptions extends Bounds {}

/**
 * The local tier in memory, with copies: each caller gets a value of its own, so that nobody can change what others
 * will read. Bounded by count, and by bytes when asked; the least recently used entry goes first, an immortal one last.
 *
 * A class to extend: an override of `get` sees every read, because hits then no longer bypass it.
 *
 * @throws ConfigurationError for a bound that is not a positive whole number.
 */
export class SimpleCache implements LocalBackend {
  readonly kind: string = 'SimpleCache';
  readonly isolation = 'copy' as const;
  readonly touch?: (entry: LocalEntry) => void;
  readonly #store: BoundedStore;

  constructor(options: SimpleCacheOptions, context: BackendContext) {
    this.#store = new BoundedStore('SimpleCache', options, context.clock);
    if (this.get === SimpleCache.prototype.get) this.touch = (entry) => this.#store.touch(entry);
  }

  get size(): number {
    return this.#store.size;
  }

  get bytes(): number {
    return this.#store.bytes;
  }

  get(key: string): LocalEntry | undefined {
    return this.#store.get(key);
  }

  set(entry: LocalEntry): void {
    this.#store.set(entry);
  }

  delete(key: string): boolean {
    return this.#store.delete(key);
  }

  clear(): void {
    this.#store.clear();
  }

  keys(): IterableIterator<string> {
    return this.#store.keys();
  }
}
