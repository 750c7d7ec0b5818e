import {
  type BackendContext,
  BackendError,
  type Clock,
  type SharedBackend,
  type SharedRecord,
  type SharedWrite,
  type Tombstone,
} from 'recollect';
import { MemoryAtomicStore } from './memory-atomic-store.js';
import { MemoryLeases } from './memory-leases.js';
import { type MemoryRecord, MemoryRecords } from './memory-records.js';

export interface MemorySharedBackendOptions {
  /** Default: the clock of the context, else real time. */
  readonly clock?: Pick<Clock, 'now'>;
  /** The store to work on. Hand that of one backend to another, and the two are as two processes on one server. */
  readonly records?: Map<string, MemoryRecord>;
  /** Default `raise`. */
  readonly corrupt?: SharedBackend['corrupt'];
}

/** A shared tier for tests, in the memory of this process; it has leases. Expired records are dropped when they are met. */
export class MemorySharedBackend implements SharedBackend {
  readonly kind: string = 'MemorySharedBackend';
  readonly corrupt: SharedBackend['corrupt'];
  /** Everything stored, for a test to look at or to tamper with. */
  readonly records: Map<string, MemoryRecord>;
  readonly #stored: MemoryRecords;
  #atomic: MemoryAtomicStore | undefined;
  #closed = false;

  constructor(options: MemorySharedBackendOptions = {}, context?: Pick<BackendContext, 'clock'>) {
    this.records = options.records ?? new Map();
    this.#stored = new MemoryRecords(this.records, options.clock ?? context?.clock ?? performance);
    this.corrupt = options.corrupt ?? 'raise';
  }

  /** Closed with the backend. */
  get atomic(): MemoryAtomicStore {
    if (this.#atomic === undefined) {
      this.#atomic = new MemoryAtomicStore({
        records: this.records,
        clock: this.#stored.clock,
        kind: this.kind,
      });
      if (this.#closed) void this.#atomic.close();
    }
    return this.#atomic;
  }

  async read(
    keys: readonly string[],
    lives = Number.POSITIVE_INFINITY,
  ): Promise<readonly (SharedRecord | undefined)[]> {
    this.#refuseIfClosed('read');
    return keys.map((key, index) => this.#stored.copy(key, index < lives));
  }

  async write(records: readonly SharedWrite[]): Promise<boolean> {
    this.#refuseIfClosed('write');
    for (const record of records) this.#stored.put(record);
    return true;
  }

  async fill(record: SharedWrite, expected: Uint8Array | undefined): Promise<boolean> {
    this.#refuseIfClosed('fill');
    const isFree =
      this.#stored.live(record.key) === undefined ||
      (expected !== undefined && this.#stored.holds(record.key, expected));
    if (isFree) this.#stored.put(record);
    return isFree;
  }

  async add(record: SharedWrite): Promise<Uint8Array> {
    this.#refuseIfClosed('add');
    if (this.#stored.live(record.key) === undefined) this.#stored.put(record);
    return this.#stored.live(record.key)?.data.slice() ?? record.data.slice();
  }

  /** Leases are left as they are, as by any manual deletion; `atomic.invalidate` breaks them. */
  async delete(keys: readonly string[], tombstone?: Tombstone): Promise<number> {
    this.#refuseIfClosed('delete');
    const count = this.#stored.drop(keys);
    if (tombstone !== undefined) for (const key of keys) this.#stored.put({ key, ...tombstone });
    return count;
  }

  async deleteIfEqual(key: string, data: Uint8Array): Promise<boolean> {
    this.#refuseIfClosed('delete');
    return this.#stored.holds(key, data) && this.records.delete(key);
  }

  async *scan(prefix: string): AsyncGenerator<string, void, undefined> {
    this.#refuseIfClosed('scan');
    for (const key of this.#startingWith(prefix)) {
      this.#refuseIfClosed('scan');
      if (this.#stored.live(key) !== undefined) yield key;
    }
  }

  /** Breaks the leases on keys with the prefix, too. */
  async clear(prefix: string): Promise<number> {
    this.#refuseIfClosed('clear');
    MemoryLeases.over(this.records).endAll(prefix);
    return this.#stored.drop(this.#startingWith(prefix));
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#atomic?.close();
  }

  #startingWith(prefix: string): string[] {
    return [...this.records.keys()].filter((key) => key.startsWith(prefix));
  }

  #refuseIfClosed(operation: string): void {
    if (this.#closed) throw new BackendError(this.kind, operation, new Error('it is closed'));
  }
}
