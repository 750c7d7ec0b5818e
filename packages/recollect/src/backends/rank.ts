import type { LocalEntry } from '../ports/local-backend.js';
import type { EvictionPolicy } from './eviction/eviction-policy.js';

/** Charged per entry on top of its key and value: the entry object, two map slots, the index. */
const ENTRY_OVERHEAD_BYTES = 200;

/** Bytes that an entry takes of the bound. */
export function charge(entry: LocalEntry): number {
  return entry.key.length * 2 + entry.bytes + ENTRY_OVERHEAD_BYTES;
}

/** Entries that make room in one order, and what they come to. */
export class Rank {
  size = 0;
  bytes = 0;

  constructor(readonly order: EvictionPolicy) {}

  add(entry: LocalEntry): void {
    this.order.add(entry);
    this.#count(entry, 1);
  }

  remove(entry: LocalEntry): void {
    this.order.remove(entry);
    this.#count(entry, -1);
  }

  evict(): LocalEntry | undefined {
    const entry = this.order.evict();
    if (entry !== undefined) this.#count(entry, -1);
    return entry;
  }

  #count(entry: LocalEntry, sign: number): void {
    this.size += sign;
    this.bytes += sign * charge(entry);
  }
}
