/** Slots that one hash may be in. More of them forget more evenly; all are looked at. */
const WAYS = 8;
/** An age that no limit reaches. Ages are differences modulo 2³², so that the count of additions may wrap around. */
const LONG_AGO = 2 ** 30;
const NO_HASH = -1;

/**
 * Remembers hashes of keys that have left, at eight bytes a slot: buckets of eight slots, in each of which the oldest gives
 * way. Two keys of one hash are taken for each other. Every operation takes constant time, whatever the keys.
 */
export class Ghosts {
  #hashes = new Int32Array(0);
  #stamps = this.#hashes;
  #now = 0;

  constructor() {
    this.#make(1);
  }

  /**
   * The hash must not be there: take it first.
   *
   * @param limit How many are to be remembered. When it outgrows the slots all is forgotten; a cache that fills up does so once.
   */
  add(hash: number, limit: number): void {
    const slots = this.#hashes.length;
    if (limit > slots || limit * WAYS < slots) this.#make(limit);
    const first = this.#bucket(hash);
    let oldest = first;
    let age = this.#age(first);
    for (let slot = first + 1; slot < first + WAYS; slot++) {
      if (this.#age(slot) <= age) continue;
      oldest = slot;
      age = this.#age(slot);
    }
    this.#hashes[oldest] = hash;
    this.#stamps[oldest] = ++this.#now;
  }

  /** Forgets the hash. @returns how many were added after it; `undefined` when those are `limit` or more, or it is unknown. */
  take(hash: number, limit: number): number | undefined {
    const first = this.#bucket(hash);
    for (let slot = first; slot < first + WAYS; slot++) {
      if (this.#hashes[slot] !== hash) continue;
      const age = this.#age(slot);
      this.#hashes[slot] = NO_HASH;
      this.#stamps[slot] = this.#now - LONG_AGO;
      return age < limit ? age : undefined;
    }
    return undefined;
  }

  #bucket(hash: number): number {
    return (hash & (this.#hashes.length / WAYS - 1)) * WAYS;
  }

  #age(slot: number): number {
    return (this.#now - (this.#stamps[slot] as number)) >>> 0;
  }

  #make(limit: number): void {
    const slots = Math.max(WAYS, 2 ** Math.ceil(Math.log2(limit)));
    this.#hashes = new Int32Array(slots).fill(NO_HASH);
    this.#stamps = new Int32Array(slots).fill(this.#now - LONG_AGO);
  }
}

/**
 * 27 bits, so that a small integer has room for three more beside them. Two UTF-16 units at a time are multiplied in and folded
 * down (multiplicative hashing: Knuth, TAOCP vol. 3, 6.4). Linear in the length of the key.
 */
export function hashOf(key: string): number {
  let hash = key.length;
  const even = key.length & ~1;
  for (let at = 0; at < even; at += 2) {
    hash = Math.imul(hash ^ key.charCodeAt(at) ^ (key.charCodeAt(at + 1) << 16), 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  if (even < key.length) hash = Math.imul(hash ^ key.charCodeAt(even), 0x9e3779b1);
  return hash >>> 5;
}
