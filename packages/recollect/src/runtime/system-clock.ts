import { platform, unref } from '../model/platform.js';
import type { Clock } from '../ports/clock.js';

/** How far the coarse time may lag, in milliseconds. */
const TICK_MS = 64;
/** Ticks without anybody asking for the exact time after which the clock falls asleep: about a second. */
const DROWSY_TICKS = 16;

/**
 * The clock of the process. Its timer runs only while the cache is in use; asleep it says `Infinity`, so that the next
 * hit finds nothing fresh, takes the long way and wakes it.
 */
export class SystemClock implements Clock {
  coarse = Number.POSITIVE_INFINITY;
  #ticker: unknown;
  #ticks = 0;

  /** @param onSleep called when the clock falls asleep: a moment to let go of what only a busy cache needs. */
  constructor(private readonly onSleep: () => void = () => {}) {}

  now(): number {
    this.coarse = platform.performance.now();
    this.#ticks = 0;
    if (this.#ticker === undefined) {
      this.#ticker = platform.setInterval(() => this.#tick(), TICK_MS);
      unref(this.#ticker);
    }
    return this.coarse;
  }

  after(ms: number, task: () => void): () => void {
    const timer = platform.setTimeout(task, ms);
    unref(timer);
    return () => platform.clearTimeout(timer);
  }

  /** Stops the timer until the next use. */
  sleep(): void {
    if (this.#ticker === undefined) return;
    platform.clearInterval(this.#ticker);
    this.#ticker = undefined;
    this.coarse = Number.POSITIVE_INFINITY;
    this.onSleep();
  }

  #tick(): void {
    this.coarse = platform.performance.now();
    this.#ticks += 1;
    if (this.#ticks > DROWSY_TICKS) this.sleep();
  }
}
