import type { LocalEntry } from '../../ports/local-backend.js';
import type { EvictionPolicy } from './eviction-policy.js';
import { Fifo } from './fifo.js';
import { Ghosts, hashOf } from './ghosts.js';

/** `LocalEntry.mark`: two bits count the uses, one says that the entry is in the main queue, the others are the key's hash. */
const USES = 3;
const MAIN = 4;
const STATE = USES | MAIN;
const HASH = 3;
const MOST_USES = 2;
/** Share of the probation queue: at first, and at least. */
const FIRST_SHARE = 0.1;
const LEAST_SHARE = 0.05;
/** How far one ghost hit moves the share, in entries, and the age at which it moves it by 1/e of that, as a part of all. */
const STEP = 8;
const FADING = 0.15;
/** Entries that one eviction may pass over: after a long run of hits it must not walk the whole cache. */
const MOST_PASSED = 1_000;

/**
 * A probation queue for what is new, and a main queue for what is used there or comes back soon after its eviction: S3-FIFO
 * (Yang et al., SOSP 2023). The share of the probation queue is steered as in ARC (Megiddo and Modha, FAST 2003): who asks for
 * what a queue has just evicted shows that this queue is too short. Unlike there a ghost weighs less the older it is,
 * because only the youngest would have been hits if the queue were a little longer.
 *
 * A hit counts to two and moves nothing. Ghosts cost 16 to 32 bytes per entry held.
 */
export class Adaptive implements EvictionPolicy {
  readonly #probation = new Fifo();
  readonly #main = new Fifo();
  readonly #probationGhosts = new Ghosts();
  readonly #mainGhosts = new Ghosts();
  /** Of entries that proved themselves and left by expiry, deletion or replacement: says nothing about the queues. */
  readonly #proven = new Ghosts();
  #share = FIRST_SHARE;

  get #size(): number {
    return this.#probation.size + this.#main.size;
  }

  add(entry: LocalEntry): void {
    const hash = hashOf(entry.key);
    const known = this.#recall(hash);
    entry.mark = (hash << HASH) | (known ? MAIN : 0);
    (known ? this.#main : this.#probation).add(entry);
  }

  touch(entry: LocalEntry): void {
    const mark = entry.mark as number;
    if ((mark & USES) < MOST_USES) entry.mark = mark + 1;
  }

  remove(entry: LocalEntry): void {
    const mark = entry.mark as number;
    if ((mark & STATE) > 0) this.#proven.add(mark >> HASH, this.#size);
    ((mark & MAIN) > 0 ? this.#main : this.#probation).remove(entry);
  }

  evict(): LocalEntry | undefined {
    const size = this.#size;
    for (let passed = 0; ; passed++) {
      const onProbation = this.#main.size === 0 || this.#probation.size > this.#share * size;
      const entry = (onProbation ? this.#probation : this.#main).evict();
      if (entry === undefined) return undefined;
      const mark = entry.mark as number;
      if ((mark & USES) === 0 || passed === MOST_PASSED) {
        (onProbation ? this.#probationGhosts : this.#mainGhosts).add(mark >> HASH, size);
        return entry;
      }
      entry.mark = onProbation ? (mark & ~USES) | MAIN : mark - 1;
      this.#main.add(entry);
    }
  }

  entries(): LocalEntry[] {
    const queued = [...this.#probation.entries(), ...this.#main.entries()];
    // Stable: within one count those of the probation queue go first, and the oldest of each.
    return queued.sort((a, b) => ((a.mark as number) & USES) - ((b.mark as number) & USES));
  }

  /** Whether the key has been held of late; a ghost of it steers. */
  #recall(hash: number): boolean {
    const size = this.#size;
    const young = this.#probationGhosts.take(hash, size);
    if (young !== undefined) this.#steer(1, young);
    const old = this.#mainGhosts.take(hash, size);
    if (old !== undefined) this.#steer(-1, old);
    return (this.#proven.take(hash, size) ?? young ?? old) !== undefined;
  }

  #steer(direction: number, age: number): void {
    const step = (STEP / this.#size) * Math.exp(-age / (FADING * this.#size));
    this.#share = Math.min(1, Math.max(LEAST_SHARE, this.#share + direction * step));
  }
}
