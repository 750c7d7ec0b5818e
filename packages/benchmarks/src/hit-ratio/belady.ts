import type { Trace } from './trace.js';

const NEVER = 0xffffffff;

/**
 * Percent of the accesses that no policy can exceed: whoever knows the future evicts what is needed last (Belady, IBM Systems
 * Journal 1966). A heap of those held, by their next access.
 */
export function belady({ accesses, keys }: Trace, size: number): number {
  const next = nextAccesses(accesses, keys);
  const held = new LatestFirst(keys);
  let hits = 0;
  for (let at = 0; at < accesses.length; at += 1) {
    const key = accesses[at] as number;
    if (held.has(key)) hits += 1;
    else if (held.size === size) held.takeLatest();
    held.put(key, next[at] as number);
  }
  return (100 * hits) / accesses.length;
}

/** For each access, when the same thing is accessed again. */
function nextAccesses(accesses: Uint32Array, keys: number): Uint32Array {
  const last = new Uint32Array(keys).fill(NEVER);
  const next = new Uint32Array(accesses.length);
  for (let at = accesses.length - 1; at >= 0; at -= 1) {
    const key = accesses[at] as number;
    next[at] = last[key] as number;
    last[key] = at;
  }
  return next;
}

/** A binary heap of keys, the one with the latest moment on top. */
class LatestFirst {
  size = 0;
  readonly #heap: Uint32Array;
  readonly #moment: Uint32Array;
  /** Where a key is in the heap, from 1; 0 when it is not. */
  readonly #place: Uint32Array;

  constructor(keys: number) {
    this.#heap = new Uint32Array(keys + 1);
    this.#moment = new Uint32Array(keys);
    this.#place = new Uint32Array(keys);
  }

  has(key: number): boolean {
    return this.#place[key] !== 0;
  }

  /** Takes the key in, or gives it a moment that is later than the one it had. */
  put(key: number, moment: number): void {
    this.#moment[key] = moment;
    let place = this.#place[key] as number;
    if (place === 0) {
      this.size += 1;
      place = this.size;
    }
    while (place > 1 && this.#at(place >> 1) < moment) {
      this.#stand(this.#heap[place >> 1] as number, place);
      place >>= 1;
    }
    this.#stand(key, place);
  }

  takeLatest(): void {
    this.#place[this.#heap[1] as number] = 0;
    const key = this.#heap[this.size] as number;
    this.size -= 1;
    if (this.size === 0) return;
    const moment = this.#moment[key] as number;
    let place = 1;
    for (;;) {
      let child = place * 2;
      if (child < this.size && this.#at(child + 1) > this.#at(child)) child += 1;
      if (child > this.size || this.#at(child) <= moment) break;
      this.#stand(this.#heap[child] as number, place);
      place = child;
    }
    this.#stand(key, place);
  }

  #at(place: number): number {
    return this.#moment[this.#heap[place] as number] as number;
  }

  #stand(key: number, place: number): void {
    this.#heap[place] = key;
    this.#place[key] = place;
  }
}
