/** Slots that one hash may be in. More of them forget more evenly; all are looked at. */
const WAYS = 8;
/** An age that no limit reaches. Ages are differences modulo 2³², so that the count of additions may wrap around. */
const LONG_AGO = 2 ** 30;

/**
 * Remembers hashes of keys that have left, at eight bytes a slot: buckets of eight slots, in each of which the oldest gives
 * way. Two keys of one hash are taken for each other. Every operation takes constant time, whatever the keys.
 */
export class Ghosts {
  #hashes = new Int32Array(WAYS);
  #stamps = new Int32Array(WAYS).fill(-LONG_AGO);
  #now = 0;

  /** @param limit How many are to be remembered. When it outgrows the slots all is forgotten, which a full cache does once. */
  add(hash: number, limit: number): void {
    const slots = this.#hashes.length;
    if (limit > slots || limit * 8 < slots) this.#make(limit);
    const first = this.#bucket(hash);
    let oldest = first;
    for (let slot = first + 1; slot < first + WAYS; slot++) {
      if (this.#age(slot) > this.#age(oldest)) oldest = slot;
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
      if (age >= limit) continue;
      this.#stamps[slot] = this.#now - LONG_AGO;
      return age;
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
    this.#hashes = new Int32Array(slots);
    this.#stamps = new Int32Array(slots).fill(this.#now - LONG_AGO);
  }
}

/** FNV-1a (Fowler, Noll and Vo) over UTF-16 units, its high bits folded into the low ones. Linear in the key's length. */
export function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at++) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  return hash ^ (hash >>> 15);
}
