import { setImmediate as turn } from 'node:timers/promises';
import { type Clock, ConfigurationError } from 'recollect';

interface Task {
  readonly at: number;
  readonly run: () => void;
}

/** More tasks than any test means to run in one advance: one of them starts itself again without letting time pass. */
const RUNAWAY = 100_000;

/** Time that moves only when the test says so. `coarse` is always `now()`. */
export class FakeClock implements Clock {
  #now: number;
  /** In the order they fall due; those due at the same moment in the order they were asked for. */
  readonly #tasks: Task[] = [];

  /** @param start Where the clock starts, in milliseconds. Not 0 by default, so that code which counts from 0 shows. */
  constructor(start = 1_000) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  get coarse(): number {
    return this.#now;
  }

  /** How many tasks wait for their time. */
  get pending(): number {
    return this.#tasks.length;
  }

  after(ms: number, run: () => void): () => void {
    if (!(ms >= 0)) throw new ConfigurationError(`after(ms) is ${ms}; it accepts 0 or more milliseconds`);
    const task: Task = { at: this.#now + ms, run };
    const later = this.#tasks.findIndex((other) => other.at > task.at);
    this.#tasks.splice(later < 0 ? this.#tasks.length : later, 0, task);
    return () => {
      const index = this.#tasks.indexOf(task);
      if (index >= 0) this.#tasks.splice(index, 1);
    };
  }

  /**
   * Moves time on and runs what falls due, each task at its own time and in order, those included that are asked for
   * meanwhile. An error thrown by a task is thrown here, with the clock at that task's time.
   */
  advance(ms: number): void {
    const end = this.#end(ms);
    for (let count = 0; this.#runNext(end); count += 1) this.#guard(count);
    this.#now = end;
  }

  /** As {@link FakeClock.advance}, and after each task everything runs that had only waited for promises. */
  async advanceAsync(ms: number): Promise<void> {
    const end = this.#end(ms);
    await turn();
    for (let count = 0; this.#runNext(end); count += 1) {
      this.#guard(count);
      await turn();
    }
    this.#now = end;
    await turn();
  }

  #end(ms: number): number {
    if (!(ms >= 0))
      throw new ConfigurationError(`advance(ms) is ${ms}; time only moves forward: 0 or more milliseconds`);
    return this.#now + ms;
  }

  #runNext(end: number): boolean {
    const next = this.#tasks[0];
    if (next === undefined || next.at > end) return false;
    this.#tasks.shift();
    this.#now = Math.max(this.#now, next.at);
    next.run();
    return true;
  }

  #guard(count: number): void {
    if (count >= RUNAWAY)
      throw new Error(`${RUNAWAY} tasks ran in one advance and there are more: a task restarts itself`);
  }
}
