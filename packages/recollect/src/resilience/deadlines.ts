import type { Clock } from '../ports/clock.js';

/** The store did not answer in time. What it answers later is not heard. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
}

/** Something that must be over by its deadline. */
export interface Timed {
  /** Monotonic milliseconds. */
  readonly startedAt: number;
  /** Two links for the order of starting; nobody else writes them. */
  newer: Timed | undefined;
  older: Timed | undefined;
}

/** What becomes of those who are late. */
export interface DeadlineEvents<Item extends Timed> {
  /** The item's time is up; it is no longer among the deadlines. */
  expired(item: Item, now: number): void;
  /** After all that had expired at a tick; false when no further tick is needed until the next `add`. */
  ticked(now: number): boolean;
}

const SHORTEST_TICK_MS = 5;
/** A tick so many ticks late is taken for an event loop that was busy, not for a store that was silent. */
const LATE_TICKS = 3;

/**
 * One timer for all deadlines. All are equally long, so those asked for first are over first: a linked list in order of
 * starting is enough, and `add` and `remove` are O(1). The timer runs while it is needed, a tenth of a deadline at a
 * time, and does not keep the process alive.
 */
export class Deadlines<Item extends Timed> {
  readonly #tickMs: number;
  /** How long an item must have been there to be cut off at a tick, because the next one would be too late. */
  readonly #ripeMs: number;
  #oldest: Item | undefined;
  #newest: Item | undefined;
  #isTicking = false;
  #dueAt = 0;
  #isSecondLook = false;

  constructor(
    deadlineMs: number,
    private readonly clock: Clock,
    private readonly events: DeadlineEvents<Item>,
  ) {
    this.#tickMs = Math.min(deadlineMs, Math.max(SHORTEST_TICK_MS, Math.floor(deadlineMs / 10)));
    this.#ripeMs = deadlineMs - Math.min(this.#tickMs, deadlineMs / 10);
  }

  /** True while somebody waits. */
  get isWaitedFor(): boolean {
    return this.#oldest !== undefined;
  }

  /** @param item Must have started now, at the latest of all. */
  add(item: Item): void {
    item.older = this.#newest;
    if (this.#newest === undefined) this.#oldest = item;
    else this.#newest.newer = item;
    this.#newest = item;
    if (!this.#isTicking) this.#tickAfter(this.#tickMs, item.startedAt);
  }

  /** The item is over. Must be called once, and not after it has expired. */
  remove(item: Item): void {
    const { older, newer } = item as { older: Item | undefined; newer: Item | undefined };
    if (older === undefined) this.#oldest = newer;
    else older.newer = newer;
    if (newer === undefined) this.#newest = older;
    else newer.older = older;
    // What is kept of an item that hangs must not keep its neighbours.
    item.older = undefined;
    item.newer = undefined;
  }

  #tickAfter(ms: number, now: number): void {
    this.#isTicking = true;
    this.#dueAt = now + ms;
    this.clock.after(ms, () => this.#tick());
  }

  #tick(): void {
    const now = this.clock.now();
    // After a busy spell timers run before replies are read, and these may have been here for long: read them first.
    if (now - this.#dueAt > LATE_TICKS * this.#tickMs && !this.#isSecondLook) {
      this.#isSecondLook = true;
      this.#tickAfter(1, now);
      return;
    }
    this.#isSecondLook = false;
    for (let item = this.#oldest; item !== undefined && now - item.startedAt > this.#ripeMs; ) {
      this.remove(item);
      this.events.expired(item, now);
      item = this.#oldest;
    }
    this.#isTicking = false;
    if (this.events.ticked(now) && !this.#isTicking) this.#tickAfter(this.#tickMs, now);
  }
}
