import type { AtomicMode, AtomicStore } from '../ports/atomic-store.js';
import type { BackendHealth, SharedBackend, SharedRecord, SharedWrite } from '../ports/shared-backend.js';
import type { Meter } from './meter.js';
import { MeteredStore } from './metered-store.js';

const WELL: BackendHealth = Object.freeze({ degraded: false, reasons: [] });

/** A shared backend, counted: what comes and goes is what it says. All members, so that none is lost on the way. */
export class MeteredBackend implements Required<SharedBackend> {
  readonly kind: string;
  readonly corrupt: SharedBackend['corrupt'];
  #atomic: AtomicStore | undefined;

  constructor(
    readonly inner: SharedBackend,
    readonly meter: Meter,
  ) {
    this.kind = inner.kind;
    this.corrupt = inner.corrupt;
  }

  // Absent where they are absent there, which the type of an accessor cannot say.
  get atomic(): AtomicStore {
    const { atomic } = this.inner;
    // On demand, as it may be there: one that nobody asks for need not be made.
    if (atomic !== undefined) this.#atomic ??= new MeteredStore(atomic, this.meter);
    return this.#atomic as AtomicStore;
  }

  get atomicByDefault(): AtomicMode {
    return this.inner.atomicByDefault as AtomicMode;
  }

  async read(keys: readonly string[], lives?: number): Promise<readonly (SharedRecord | undefined)[]> {
    const { counters } = this.meter;
    counters.reads++;
    const records = await this.meter.attempt(() => this.inner.read(keys, lives));
    for (const record of records) counters.bytesRead += record?.data.byteLength ?? 0;
    return records;
  }

  async write(records: readonly SharedWrite[]): Promise<boolean> {
    const done = await this.meter.attempt(() => this.inner.write(records));
    if (done) this.meter.wrote(records);
    return done;
  }

  async fill(record: SharedWrite, expected: Uint8Array | undefined): Promise<boolean | undefined> {
    const done = await this.meter.attempt(() => this.inner.fill(record, expected));
    if (done === true) this.meter.wrote([record]);
    if (done === false) this.meter.counters.refusedFills++;
    return done;
  }

  async add(record: SharedWrite): Promise<Uint8Array> {
    const data = await this.meter.attempt(() => this.inner.add(record));
    this.meter.wrote([record]);
    return data;
  }

  delete(keys: readonly string[]): Promise<number | undefined> {
    return this.meter.deletion(() => this.inner.delete(keys));
  }

  deleteIfEqual(key: string, data: Uint8Array): Promise<boolean> {
    return this.meter.deletion(() => this.inner.deleteIfEqual(key, data));
  }

  async *scan(prefix: string): AsyncGenerator<string, void, undefined> {
    try {
      yield* this.inner.scan(prefix);
    } catch (error) {
      throw this.meter.failed(error);
    }
  }

  clear(prefix: string): Promise<number | undefined> {
    return this.meter.deletion(() => this.inner.clear(prefix));
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
}
