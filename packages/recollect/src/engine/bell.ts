import { platform } from '../model/platform.js';
import type { AtomicStore } from '../ports/atomic-store.js';
import type { Clock } from '../ports/clock.js';

const FIRST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 50;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Wakes one who waits for something to become of a key: when the store says so, and at the latest after a pause, for it may
 * never say.
 */
export class Bell {
  readonly #clock: Clock;
  readonly #silence: () => void;
  /** Timers of the clock let a process end that waits for nothing else. */
  readonly #hold = platform.setInterval(() => {}, LONGEST_TIMER_MS);
  #pauseMs = FIRST_PAUSE_MS;
  #rung = false;
  #wake: () => void = () => {};

  constructor(store: AtomicStore, clock: Clock, key: string) {
    this.#clock = clock;
    this.#silence = store.listen(key, () => {
      this.#rung = true;
      this.#wake();
    });
  }

  /** Resolves when it has rung since the last time, or after a jittered pause of 10 to 50 ms, `mostMs` at most. */
  async wait(mostMs: number): Promise<void> {
    const pause = Math.min(mostMs, this.#pauseMs * (0.5 + Math.random() / 2));
    this.#pauseMs = Math.min(LONGEST_PAUSE_MS, this.#pauseMs * 1.5);
    if (!this.#rung) {
      await new Promise<void>((resolve) => {
        const cancel = this.#clock.after(pause, resolve);
        this.#wake = () => {
          cancel();
          resolve();
        };
      });
    }
    this.#rung = false;
  }

  close(): void {
    platform.clearInterval(this.#hold);
    this.#silence();
  }
}
