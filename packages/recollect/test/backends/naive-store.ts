import type { TestEntry } from '@recollect/testing';
import type { Removal } from 'recollect';
import type { NaiveOrder } from './naive-orders.js';

type RankName = 'mortal' | 'immortal' | 'pinned';
export type Left = readonly [entry: TestEntry, cause: Removal];

/** What a bounded store promises, in its shortest form: every operation answers which entries leave, and why. */
export class NaiveStore {
  readonly held = new Map<string, TestEntry>();
  readonly pins = new Set<string>();

  constructor(
    readonly orders: { readonly mortal: NaiveOrder; readonly immortal: NaiveOrder },
    public threshold: number,
    public maxBytes: number,
  ) {}

  get bytes(): number {
    return this.#bytesOf('mortal', 'immortal', 'pinned');
  }

  get(key: string, now: number): { found: TestEntry | undefined; left: Left[] } {
    const found = this.held.get(key);
    if (found === undefined || found.freshUntil > now) {
      if (found !== undefined) this.touch(found);
      return { found, left: [] };
    }
    this.#unlink(found);
    return { found: undefined, left: [[found, 'expired']] };
  }

  touch(entry: TestEntry): void {
    const rank = this.rankOf(entry);
    if (rank !== 'pinned') this.orders[rank].touch(entry);
  }

  set(entry: TestEntry): Left[] {
    const left: Left[] = [];
    const replaced = this.held.get(entry.key);
    if (replaced !== undefined) {
      this.#unlink(replaced);
      left.push([replaced, 'replaced']);
    }
    const firm: RankName[] = this.rankOf(entry) === 'mortal' ? ['immortal', 'pinned'] : ['pinned'];
    const beside = this.#in(...firm).length + 1 > this.threshold;
    if (beside || this.#bytesOf(...firm) + charge(entry) > this.maxBytes)
      return [...left, [entry, 'evicted']];
    left.push(...this.#makeRoom(1, charge(entry)));
    this.#link(entry);
    return left;
  }

  delete(key: string): Left[] {
    const entry = this.held.get(key);
    if (entry === undefined) return [];
    this.#unlink(entry);
    return [[entry, 'deleted']];
  }

  /** @returns undefined when the bounds are too low for what is pinned. */
  resize(threshold: number, maxBytes: number): Left[] | undefined {
    if (this.#in('pinned').length > threshold || this.#bytesOf('pinned') > maxBytes) return undefined;
    this.threshold = threshold;
    this.maxBytes = maxBytes;
    return this.#makeRoom(0, 0);
  }

  pin(key: string, pinned: boolean): void {
    const entry = this.held.get(key);
    if (entry !== undefined) this.#unlink(entry);
    if (pinned) this.pins.add(key);
    else this.pins.delete(key);
    if (entry !== undefined) this.#link(entry);
  }

  /** The first to go in front; none of those pinned. */
  order(): string[] {
    return [...this.orders.mortal.keys(), ...this.orders.immortal.keys()];
  }

  rankOf(entry: TestEntry): RankName {
    if (this.pins.has(entry.key)) return 'pinned';
    return entry.freshUntil === Number.POSITIVE_INFINITY ? 'immortal' : 'mortal';
  }

  #in(...ranks: RankName[]): TestEntry[] {
    return [...this.held.values()].filter((entry) => ranks.includes(this.rankOf(entry)));
  }

  #bytesOf(...ranks: RankName[]): number {
    return this.#in(...ranks).reduce((sum, entry) => sum + charge(entry), 0);
  }

  #makeRoom(entries: number, bytes: number): Left[] {
    const left: Left[] = [];
    while (this.held.size + entries > this.threshold || this.bytes + bytes > this.maxBytes) {
      const victim = (this.orders.mortal.evict() ?? this.orders.immortal.evict()) as TestEntry;
      this.held.delete(victim.key);
      left.push([victim, 'evicted']);
    }
    return left;
  }

  #link(entry: TestEntry): void {
    this.held.set(entry.key, entry);
    const rank = this.rankOf(entry);
    if (rank !== 'pinned') this.orders[rank].add(entry);
  }

  #unlink(entry: TestEntry): void {
    const rank = this.rankOf(entry);
    if (rank !== 'pinned') this.orders[rank].remove(entry);
    this.held.delete(entry.key);
  }
}

export function charge({ key, bytes }: TestEntry): number {
  return key.length * 2 + bytes + 200;
}
