import { setTimeout as sleep } from 'node:timers/promises';

const CALLS_PER_SECOND = 2_000;
const TICK_MS = 5;

/** What became of the calls of a while. */
export interface Drive {
  readonly calls: number;
  readonly rejected: number;
  readonly slowestMs: number;
  readonly p99Ms: number;
  /** Took longer than allowed, the time left out in which this process itself did not get to run. */
  readonly late: number;
  readonly grownMB: number;
}

/** Calls at a steady pace, whatever becomes of those before. */
export class SteadyLoad {
  #next = 0;
  /** Milliseconds that ticks came too late, all together: no fault of whoever was called meanwhile. */
  #stolenMs = 0;

  constructor(
    private readonly call: (id: number) => Promise<unknown>,
    private readonly allowedMs: number,
  ) {}

  /** For so many milliseconds, or until it is enough; resolves when every call is over. */
  async drive(ms: number, enough: () => boolean = () => false): Promise<Drive> {
    const took: number[] = [];
    const counts = { rejected: 0, late: 0 };
    const running: Promise<void>[] = [];
    const before = memory();
    let top = before;
    const start = performance.now();
    let tick = start;
    for (let made = 0; tick - start < ms && !enough(); tick = performance.now()) {
      const due = ((tick - start) * CALLS_PER_SECOND) / 1_000;
      for (; made < due; made += 1) running.push(this.#one(took, counts));
      top = Math.max(top, memory());
      await sleep(TICK_MS);
      this.#stolenMs += Math.max(0, performance.now() - tick - 2 * TICK_MS);
    }
    await Promise.all(running);
    took.sort((a, b) => a - b);
    return {
      ...counts,
      calls: took.length,
      slowestMs: took.at(-1) ?? 0,
      p99Ms: took[Math.floor(took.length * 0.99)] ?? 0,
      grownMB: (top - before) / 1e6,
    };
  }

  async #one(took: number[], counts: { rejected: number; late: number }): Promise<void> {
    const [since, stolen] = [performance.now(), this.#stolenMs];
    try {
      await this.call(this.#next++);
    } catch {
      counts.rejected += 1;
    }
    const ms = performance.now() - since;
    took.push(ms);
    if (ms - (this.#stolenMs - stolen) > this.allowedMs) counts.late += 1;
  }
}

function memory(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
