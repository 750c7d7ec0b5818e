import type { SharedWrite } from '../ports/shared-backend.js';
import type { HealthWatch } from './health-watch.js';
import type { SharedCounters } from './tier-stats.js';

/** Counts operations of a shared tier, and has its health looked at when one fails. */
export class Meter {
  constructor(
    readonly counters: SharedCounters,
    readonly watch: HealthWatch,
  ) {}

  /** What the work comes to; what it throws is a rejection. */
  async attempt<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw this.failed(error);
    }
  }

  /** As {@link Meter.attempt}, for work that deletes; `undefined` is a backend's word for a failure. */
  async deletion<T>(work: () => Promise<T>): Promise<T> {
    const outcome = await this.attempt(work);
    if (outcome !== undefined) this.counters.deletes++;
    return outcome;
  }

  wrote(records: readonly SharedWrite[]): void {
    this.counters.writes++;
    for (const { data } of records) this.counters.bytesWritten += data.byteLength;
  }

  /** Returns the error. */
  failed(error: unknown): unknown {
    this.counters.failed(error);
    this.watch.check();
    return error;
  }
}
