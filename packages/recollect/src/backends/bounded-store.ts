import { ConfigurationError } from '../model/errors.js';
import type { BackendContext } from '../ports/backend-context.js';
import type { Clock } from '../ports/clock.js';
import type { LocalBackend, LocalEntry, Removal } from '../ports/local-backend.js';
import { type BoundedOptions, type Bounds, evictionOf, positive } from './bounded-options.js';
import { POLICIES } from './eviction/policies.js';
import { UNORDERED } from './eviction/unordered.js';
import { charge, Rank } from './rank.js';

/**
 * Entries by key within bounds. Mortal entries make room before immortal ones, in the order of the eviction policy; pinned
 * ones never do. Every entry that leaves is retired, once. Reads and writes take constant time, on average.
 */
export abstract class BoundedStore implements LocalBackend {
  abstract readonly kind: string;
  abstract readonly isolation: 'copy' | 'reference';
  readonly touch?: (entry: LocalEntry) => void;
  readonly #name: string;
  readonly #clock: Clock;
  readonly #entries = new Map<string, LocalEntry>();
  readonly #mortal: Rank;
  readonly #immortal: Rank;
  readonly #pinned = new Rank(UNORDERED);
  readonly #pins = new Set<string>();
  readonly #use: (entry: LocalEntry) => void;
  #threshold = 500;
  #maxBytes = Number.POSITIVE_INFINITY;

  /** @throws ConfigurationError for a bound that is not a positive whole number, and for an option or a policy nobody knows. */
  constructor(
    name: string,
    options: BoundedOptions,
    { clock }: BackendContext,
    known: readonly string[] = [],
  ) {
    this.#name = name;
    this.#clock = clock;
    const Policy = POLICIES[evictionOf(name, options, known)];
    const [mortal, immortal] = [new Policy(), new Policy()];
    this.#mortal = new Rank(mortal);
    this.#immortal = new Rank(immortal);
    this.#use = (entry) => (entry.freshUntil === Number.POSITIVE_INFINITY ? immortal : mortal).touch(entry);
    this.#bound(options);
    // An override of `get` is to see every read: then hits must not go past it.
    if (this.get === BoundedStore.prototype.get) this.touch = this.#use;
  }

  get size(): number {
    return this.#entries.size;
  }

  get bytes(): number {
    return this.#mortal.bytes + this.#immortal.bytes + this.#pinned.bytes;
  }

  get(key: string): LocalEntry | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.freshUntil <= this.#clock.now()) {
      this.#remove(entry, 'expired');
      return undefined;
    }
    this.#use(entry);
    return entry;
  }

  set(entry: LocalEntry): void {
    const replaced = this.#entries.get(entry.key);
    if (replaced !== undefined) this.#unlink(replaced);
    const fits = this.#fits(entry);
    // Room first: what has just come must not be what makes it.
    const evicted = fits ? this.#makeRoom(1, charge(entry)) : [entry];
    if (fits) this.#link(entry);
    // Last, when the store is whole again: whoever hears of it may use the store.
    replaced?.retire('replaced');
    for (const one of evicted) one.retire('evicted');
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

  /**
   * Changes the bounds; one that is not given stays. What no longer fits is evicted at once.
   *
   * @throws ConfigurationError for a bound that is not a positive whole number, or too low for the pinned entries.
   */
  resize(bounds: Bounds): void {
    this.#bound(bounds);
    for (const one of this.#makeRoom(0, 0)) one.retire('evicted');
  }

  /**
   * From now on no entry under the key makes room for others, whether it is there or comes later. It still expires, and can be
   * replaced and deleted. What does not fit beside the pinned entries is not taken in.
   */
  pin(key: string): void {
    this.#rerank(key, () => this.#pins.add(key));
  }

  /** Takes back {@link BoundedStore.pin}. An entry that is there is then as one that has just come. */
  unpin(key: string): void {
    this.#rerank(key, () => this.#pins.delete(key));
  }

  /** Keys of the entries that would make room last, the very last one first; none of pinned ones. Walks all entries. */
  hottest(count: number): Iterable<string> {
    return this.#ordered()
      .reverse()
      .slice(0, positive(this.#name, 'count', count));
  }

  /** Keys of the entries that would make room next, as far as the policy knows; none of pinned ones. Walks all entries. */
  coldest(count: number): Iterable<string> {
    return this.#ordered().slice(0, positive(this.#name, 'count', count));
  }

  #ordered(): string[] {
    return [this.#mortal, this.#immortal].flatMap(({ order }) => order.entries()).map(({ key }) => key);
  }

  #bound({ threshold = this.#threshold, maxBytes = this.#maxBytes }: Bounds): void {
    positive(this.#name, 'threshold', threshold);
    if (maxBytes !== Number.POSITIVE_INFINITY) positive(this.#name, 'maxBytes', maxBytes);
    const { size, bytes } = this.#pinned;
    if (size > threshold || bytes > maxBytes) {
      throw new ConfigurationError(
        `${this.#name}: threshold is ${threshold} and maxBytes ${maxBytes}; accepted: bounds within which the pinned entries fit, ${size} of ${bytes} bytes`,
      );
    }
    this.#threshold = threshold;
    this.#maxBytes = maxBytes;
  }

  #rankOf(entry: LocalEntry): Rank {
    if (this.#pins.has(entry.key)) return this.#pinned;
    return entry.freshUntil === Number.POSITIVE_INFINITY ? this.#immortal : this.#mortal;
  }

  /** Whether there is room for an entry beside those that must not make room for it. */
  #fits(entry: LocalEntry): boolean {
    let { size, bytes } = this.#pinned;
    if (this.#rankOf(entry) === this.#mortal) {
      size += this.#immortal.size;
      bytes += this.#immortal.bytes;
    }
    return size < this.#threshold && bytes + charge(entry) <= this.#maxBytes;
  }

  /** Takes out what is in the way of so many more entries and bytes; to be retired by the caller. */
  #makeRoom(entries: number, bytes: number): LocalEntry[] {
    const evicted: LocalEntry[] = [];
    while (this.size + entries > this.#threshold || this.bytes + bytes > this.#maxBytes) {
      const victim = this.#mortal.evict() ?? this.#immortal.evict();
      // Sums of fractions may be a trace above a bound with nothing left to evict.
      if (victim === undefined) break;
      this.#entries.delete(victim.key);
      evicted.push(victim);
    }
    return evicted;
  }

  #rerank(key: string, change: () => void): void {
    const entry = this.#entries.get(key);
    // In its place among the keys: who walks over them may pin each.
    if (entry !== undefined) this.#rankOf(entry).remove(entry);
    change();
    if (entry !== undefined) this.#rankOf(entry).add(entry);
  }

  #remove(entry: LocalEntry, cause: Removal): void {
    this.#unlink(entry);
    entry.retire(cause);
  }

  #link(entry: LocalEntry): void {
    this.#entries.set(entry.key, entry);
    this.#rankOf(entry).add(entry);
  }

  /** Before `retire`, which may change the moment of expiry by which the rank is known. */
  #unlink(entry: LocalEntry): void {
    this.#entries.delete(entry.key);
    this.#rankOf(entry).remove(entry);
  }
}
