import { Stalls } from '../../support/stalls.js';

/** What became of a call: when it was made, what was wrong, how long it took less what this process stood still. */
export interface Beat {
  readonly at: number;
  readonly error: unknown;
  readonly tookMs: number;
}

const PACE_MS = 4;

/** Makes the same call at a steady pace, whatever becomes of those before, until it is stopped. */
export class Pulse {
  readonly #call: () => Promise<unknown>;
  readonly #stalls = new Stalls();
  readonly #beats: Beat[] = [];
  readonly #running = new Set<Promise<void>>();
  readonly #timer: NodeJS.Timeout;

  constructor(call: () => Promise<unknown>) {
    this.#call = call;
    this.#timer = setInterval(() => this.#beat(), PACE_MS);
  }

  get beats(): readonly Beat[] {
    return this.#beats;
  }

  /** Resolves to when the first of so many good calls in a row was made. */
  async good(inRow = 5, since = performance.now()): Promise<number> {
    const giveUp = performance.now() + 15_000;
    for (;;) {
      const later = this.#beats.filter(({ at }) => at >= since).sort((a, b) => a.at - b.at);
      const bad = later.findLastIndex(({ error }) => error !== undefined);
      const first = later[bad + 1];
      if (first !== undefined && later.length - bad > inRow) return first.at;
      if (performance.now() > giveUp) throw new Error('no good calls for 15 s');
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** Ends it and waits for the last call; all of them. */
  async stop(): Promise<{ readonly calls: number; readonly failures: string[]; readonly slowestMs: number }> {
    clearInterval(this.#timer);
    await Promise.all(this.#running);
    this.#stalls.end();
    return {
      calls: this.#beats.length,
      failures: this.#beats.flatMap(({ error }) => (error instanceof Error ? [error.message] : [])),
      slowestMs: Math.max(...this.#beats.map(({ tookMs }) => tookMs)),
    };
  }

  #beat(): void {
    const at = performance.now();
    const stood = this.#stalls.sum;
    const over = (error: unknown) => {
      this.#running.delete(running);
      const stoodMs = this.#stalls.sum - stood;
      this.#beats.push({ at, error, tookMs: Math.max(0, performance.now() - at - stoodMs) });
    };
    const running = this.#call().then(() => over(undefined), over);
    this.#running.add(running);
  }
}
