import { RedisCache } from '@recollect/redis';
import { FakeClock } from '@recollect/testing';
import type { Clock } from 'recollect';
import { eventually } from './operations.js';
import { testContext } from './test-context.js';

/** By which an attempt to connect is told from the wait before the next one. */
const CONNECT_MS = 1_234_567;
const STEP_MS = 5;

/**
 * Many caches on one server that dial by a clock of the test: sockets take their own time, and no time passes on the clock
 * meanwhile, so that a busy machine cannot make a crowd of those who came one by one.
 */
export class Fleet {
  /** When they dialled since the last `lost`, by the clock. */
  dials: number[] = [];
  readonly #clock = new FakeClock();
  readonly #caches: readonly RedisCache[];
  /** Attempts to connect of which the outcome is not known: what limits an attempt is called off with either. */
  #connecting = 0;

  constructor(url: string, size: number) {
    const clock = this.#clock;
    const counting: Clock = {
      now: () => clock.now(),
      get coarse() {
        return clock.coarse;
      },
      after: (ms, task) => {
        const cancel = clock.after(ms, task);
        return ms === CONNECT_MS ? this.#dialled(cancel) : cancel;
      },
    };
    const options = { url, connectTimeoutMs: CONNECT_MS };
    this.#caches = Array.from({ length: size }, () => new RedisCache(options, testContext(counting)));
  }

  /** How many have a connection. */
  get connected(): number {
    return this.#caches.filter((cache) => !cache.health().degraded).length;
  }

  async connect(): Promise<void> {
    await Promise.all(this.#caches.map((cache) => cache.read(['k'])));
  }

  /** Does what takes all connections away, and waits until all have noticed. */
  async lose(how: () => Promise<unknown>): Promise<void> {
    this.dials = [];
    await how();
    await eventually(async () => {
      if (this.connected > 0) throw new Error(`${this.connected} have not noticed`);
    });
  }

  /** Lets so much time pass on the clock; the outcome of every attempt is waited for before more does. */
  async pass(ms: number): Promise<void> {
    const end = this.#clock.now() + ms;
    while (this.#clock.now() < end) {
      this.#clock.advance(STEP_MS);
      await eventually(async () => {
        if (this.#connecting > 0) throw new Error(`${this.#connecting} are connecting`);
      });
    }
  }

  async close(): Promise<void> {
    const closing = this.#caches.map((cache) => cache.close());
    this.#clock.advance(CONNECT_MS);
    await Promise.all(closing);
  }

  #dialled(cancel: () => void): () => void {
    this.dials.push(this.#clock.now());
    this.#connecting += 1;
    let isOver = false;
    return () => {
      if (!isOver) this.#connecting -= 1;
      isOver = true;
      cancel();
    };
  }
}
