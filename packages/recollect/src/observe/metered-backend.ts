import type { AtomicMode, AtomicStore } from '../ports/atomic-store.js';
import type { BackendHealth, SharedBackend, SharedRecord, SharedWrite } from '../ports/shared-backend.js';
import type { HealthWatch } from './health-watch.js';
import type { SharedCounters } from './tier-stats.js';

const WELL: BackendHealth = Object.freeze({ degraded: false, reasons: [] });

/** A shared backend, counted: what comes and goes is what it says. All members, so that none is lost on the way. */
export class MeteredBackend implements Required<SharedBackend> {
  readonly kind: string;
  readonly corrupt: SharedBackend['corrupt'];

  constructor(
    readonly inner: SharedBackend,
    private readonly counters: SharedCounters,
    readonly watch: HealthWatch,
  ) {
    this.kind = inner.kind;
    this.corrupt = inner.corrupt;
  }

  // Absent where they are absent there: a type cannot say that of an accessor.
  get atomic(): AtomicStore {
    return this.inner.atomic as AtomicStore;
  }

  get atomicByDefault(): AtomicMode {
    return this.inner.atomicByDefault as AtomicMode;
  }

  async read(keys: readonly string[], lives?: number): Promise<readonly (SharedRecord | undefined)[]> {
    this.counters.reads++;
    const records = await this.#attempt(() => this.inner.read(keys, lives));
    for (const record of records) this.counters.bytesRead += record?.data.byteLength ?? 0;
    return records;
  }

  async write(records: readonly SharedWrite[]): Promise<boolean> {
    const done = await this.#attempt(() => this.inner.write(records));
    if (done) this.#wrote(records);
    return done;
  }

  async fill(record: SharedWrite, expected: Uint8Array | undefined): Promise<boolean | undefined> {
    const done = await this.#attempt(() => this.inner.fill(record, expected));
    if (done === true) this.#wrote([record]);
    if (done === false) this.counters.refusedFills++;
    return done;
  }

  async add(record: SharedWrite): Promise<Uint8Array> {
    const data = await this.#attempt(() => this.inner.add(record));
    this.#wrote([record]);
    return data;
  }

  delete(keys: readonly string[]): Promise<number | undefined> {
    return this.#delete(() => this.inner.delete(keys));
  }

  deleteIfEqual(key: string, data: Uint8Array): Promise<boolean> {
    return this.#delete(() => this.inner.deleteIfEqual(key, data));
  }

  async *scan(prefix: string): AsyncGenerator<string, void, undefined> {
    try {
      yield* this.inner.scan(prefix);
    } catch (error) {
      throw this.#failed(error);
    }
  }

  clear(prefix: string): Promise<number | undefined> {
    return this.#delete(() => this.inner.clear(prefix));
  }

  health(): BackendHealth {
    return this.inner.health?.() ?? WELL;
  }

  counts(): Readonly<Record<string, number>> {
    return this.inner.counts?.() ?? {};
  }

  close(): Promise<void> {
    return this.inner.close();
  }

  async #delete<T>(work: () => Promise<T>): Promise<T> {
    const outcome = await this.#attempt(work);
    if (outcome !== undefined) this.counters.deletes++;
    return outcome;
  }

  #wrote(records: readonly SharedWrite[]): void {
    this.counters.writes++;
    for (const { data } of records) this.counters.bytesWritten += data.byteLength;
  }

  async #attempt<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw this.#failed(error);
    }
  }

  #failed(error: unknown): unknown {
    this.counters.failed(error);
    this.watch.check();
    return error;
  }
}
