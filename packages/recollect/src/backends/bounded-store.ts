import { ConfigurationError } from '../model/errors.js';
import { shown } from '../model/shown.js';
import type { Clock } from '../ports/clock.js';
import type { LocalEntry, Removal } from '../ports/local-backend.js';
import { LruOrder } from './eviction/lru.js';

/** Charged per entry on top of its key and value: the entry object, two map slots, the index. */
const ENTRY_OVERHEAD_BYTES = 200;

/** How much a local backend may hold. */
export interface Bounds {
  /** The most entries held at once; a positive whole number. Default 500. */
  readonly threshold?: number;
  /** The most bytes charged at once (two per key character, the value's size, 200 per entry). Default: not bounded. */
  readonly maxBytes?: number;
}

/** Entries by key within bounds, least recently used first out. Retires every entry that leaves, once. */
export class BoundedStore {
  readonly #entries = new Map<string, LocalEntry>();
  readonly #order = new LruOrder();
  readonly #threshold: number;
  readonly #maxBytes: number;
  readonly #clock: Clock;
  #bytes = 0;

  /** @throws ConfigurationError for a bound that is not a positive whole number, and for an option nobody knows. */
  constructor(kind: string, bounds: Bounds, clock: Clock, known: readonly string[] = []) {
    const accepted = ['threshold', 'maxBytes', ...known];
    for (const option of Object.keys(bounds)) {
      if (!accepted.includes(option)) {
        throw new ConfigurationError(`${kind}: '${option}' is unknown; accepted: ${accepted.join(', ')}`);
      }
    }
    this.#threshold = bound(kind, 'threshold', bounds.threshold ?? 500);
    this.#maxBytes =
      bounds.maxBytes === undefined ? Number.POSITIVE_INFINITY : bound(kind, 'maxBytes', bounds.maxBytes);
    this.#clock = clock;
  }

  get size(): number {
    return this.#entries.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(key: string): LocalEntry | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.freshUntil <= this.#clock.now()) {
      this.#remove(entry, 'expired');
      return undefined;
    }
    this.#order.touch(entry);
    return entry;
  }

  touch(entry: LocalEntry): void {
    this.#order.touch(entry);
  }

  set(entry: LocalEntry): void {
    const replaced = this.#entries.get(entry.key);
    if (replaced !== undefined) this.#unlink(replaced);
    const fits = charge(entry) <= this.#maxBytes;
    if (fits) {
      this.#entries.set(entry.key, entry);
      this.#order.add(entry);
      this.#bytes += charge(entry);
    }
    // Last, when the store is whole again: whoever hears of it may use the store.
    replaced?.retire('replaced');
    if (!fits) entry.retire('evicted');
    while (this.#entries.size > this.#threshold || this.#bytes > this.#maxBytes) {
      this.#remove(this.#order.victim() as LocalEntry, 'evicted');
    }
  }

  delete(key: string): boolean {
    const entry = this.#entries.get(key);
    if (entry === undefined) return false;
    this.#remove(entry, 'deleted');
    return true;
  }

  clear(): void {
    // Whoever hears of one removal may have removed another already.
    for (const entry of [...this.#entries.values()]) {
      if (this.#entries.get(entry.key) === entry) this.#remove(entry, 'deleted');
    }
  }

  keys(): IterableIterator<string> {
    return this.#entries.keys();
  }

  #remove(entry: LocalEntry, cause: Removal): void {
    this.#unlink(entry);
    entry.retire(cause);
  }

  /** Before `retire`, which may change the moment of expiry by which the order knows its list. */
  #unlink(entry: LocalEntry): void {
    this.#entries.delete(entry.key);
    this.#order.remove(entry);
    this.#bytes -= charge(entry);
  }
}

function charge(entry: LocalEntry): number {
  return entry.key.length * 2 + entry.bytes + ENTRY_OVERHEAD_BYTES;
}

function bound(kind: string, option: string, value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value;
  throw new ConfigurationError(`${kind}: ${option} is ${shown(value)}; it accepts a positive whole number`);
}
