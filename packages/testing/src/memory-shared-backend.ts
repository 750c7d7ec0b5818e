import {
  type BackendContext,
  BackendError,
  type Clock,
  type SharedBackend,
  type SharedRecord,
  type SharedWrite,
} from 'recollect';

/** A record as {@link MemorySharedBackend} holds it. */
export interface MemoryRecord {
  readonly data: Uint8Array;
  /** On the backend's clock; `Infinity` for no end. */
  readonly expiresAt: number;
}

export interface MemorySharedBackendOptions {
  /** Default: the clock of the context, else real time. */
  readonly clock?: Pick<Clock, 'now'>;
  /** The store to work on. Hand that of one backend to another, and the two are as two processes on one server. */
  readonly records?: Map<string, MemoryRecord>;
  /** Default `raise`. */
  readonly corrupt?: SharedBackend['corrupt'];
}

/** A shared tier for tests, in the memory of this process. Expired records are dropped when they are met. */
export class MemorySharedBackend implements SharedBackend {
  readonly kind: string = 'MemorySharedBackend';
  readonly corrupt: SharedBackend['corrupt'];
  /** Everything stored, for a test to look at or to tamper with. */
  readonly records: Map<string, MemoryRecord>;
  readonly #clock: Pick<Clock, 'now'>;
  #closed = false;

  constructor(options: MemorySharedBackendOptions = {}, context?: Pick<BackendContext, 'clock'>) {
    this.#clock = options.clock ?? context?.clock ?? performance;
    this.records = options.records ?? new Map();
    this.corrupt = options.corrupt ?? 'raise';
  }

  async read(keys: readonly string[]): Promise<readonly (SharedRecord | undefined)[]> {
    this.#refuseIfClosed('read');
    return keys.map((key) => {
      const record = this.#live(key);
      return record && { data: record.data.slice(), ttlMs: record.expiresAt - this.#clock.now() };
    });
  }

  async write(records: readonly SharedWrite[]): Promise<boolean> {
    this.#refuseIfClosed('write');
    for (const record of records) this.#put(record);
    return true;
  }

  async fill(record: SharedWrite, expected: Uint8Array | undefined): Promise<boolean> {
    this.#refuseIfClosed('fill');
    const there = this.#live(record.key)?.data;
    const isFree = there === undefined || (expected !== undefined && Buffer.compare(there, expected) === 0);
    if (isFree) this.#put(record);
    return isFree;
  }

  async add(record: SharedWrite): Promise<Uint8Array> {
    this.#refuseIfClosed('add');
    if (this.#live(record.key) === undefined) this.#put(record);
    return this.#live(record.key)?.data.slice() ?? record.data.slice();
  }

  async delete(keys: readonly string[]): Promise<number> {
    this.#refuseIfClosed('delete');
    return this.#drop(keys);
  }

  async deleteIfEqual(key: string, data: Uint8Array): Promise<boolean> {
    this.#refuseIfClosed('delete');
    const record = this.#live(key);
    return record !== undefined && Buffer.compare(record.data, data) === 0 && this.records.delete(key);
  }

  async *scan(prefix: string): AsyncGenerator<string, void, undefined> {
    this.#refuseIfClosed('scan');
    for (const key of this.#startingWith(prefix)) {
      this.#refuseIfClosed('scan');
      if (this.#live(key) !== undefined) yield key;
    }
  }

  async clear(prefix: string): Promise<number> {
    this.#refuseIfClosed('clear');
    return this.#drop(this.#startingWith(prefix));
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  #live(key: string): MemoryRecord | undefined {
    const record = this.records.get(key);
    if (record === undefined || record.expiresAt > this.#clock.now()) return record;
    this.records.delete(key);
    return undefined;
  }

  // Copied on the way in and out: nobody holds the store's own bytes.
  #put({ key, data, ttlMs }: SharedWrite): void {
    this.records.set(key, { data: data.slice(), expiresAt: this.#clock.now() + ttlMs });
  }

  #drop(keys: readonly string[]): number {
    return keys.filter((key) => this.#live(key) !== undefined && this.records.delete(key)).length;
  }

  #startingWith(prefix: string): string[] {
    return [...this.records.keys()].filter((key) => key.startsWith(prefix));
  }

  #refuseIfClosed(operation: string): void {
    if (this.#closed) throw new BackendError(this.kind, operation, new Error('it is closed'));
  }
}
