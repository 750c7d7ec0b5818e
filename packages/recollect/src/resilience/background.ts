import { platform } from '../model/platform.js';

/** The longest that timers can be set for; beyond it they end at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * The one door for promises that nobody awaits. What goes through it never becomes an unhandled rejection, and
 * `settled` knows when all of it is done.
 */
export class Background {
  readonly #running = new Set<Promise<void>>();

  get size(): number {
    return this.#running.size;
  }

  /** Takes over the promise; `onError` hears of its rejection and must not throw. */
  run(work: Promise<unknown>, onError: (error: unknown) => void): void {
    const settled: Promise<void> = work.then(() => {}, onError).finally(() => this.#running.delete(settled));
    this.#running.add(settled);
  }

  /** Resolves when nothing runs any more. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all([...this.#running]);
  }

  /** Resolves when nothing runs any more, at the latest after `deadlineMs`. */
  async drain(deadlineMs: number): Promise<void> {
    // Referenced, so that a process that only waits for this drain does not end in the middle of it.
    let timer: unknown;
    const late = new Promise<void>((resolve) => {
      timer = platform.setTimeout(resolve, Math.min(deadlineMs, LONGEST_TIMER_MS));
    });
    await Promise.race([this.settled(), late]);
    platform.clearTimeout(timer);
  }
}
