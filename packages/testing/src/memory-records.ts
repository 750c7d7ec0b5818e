import type { Clock, SharedRecord, SharedWrite } from 'recollect';

/** A record as {@link MemorySharedBackend} holds it. */
export interface MemoryRecord {
  readonly data: Uint8Array;
  /** On the backend's clock; `Infinity` for no end. */
  readonly expiresAt: number;
}

/** What a map of records answers at this moment. Expired records are dropped when they are met. */
export class MemoryRecords {
  constructor(
    readonly map: Map<string, MemoryRecord>,
    readonly clock: Pick<Clock, 'now'>,
  ) {}

  live(key: string): MemoryRecord | undefined {
    const record = this.map.get(key);
    if (record === undefined || record.expiresAt > this.clock.now()) return record;
    this.map.delete(key);
    return undefined;
  }

  /** A copy for the caller to keep. */
  copy(key: string, withLife = true): SharedRecord | undefined {
    const record = this.live(key);
    const ttlMs = withLife && record ? record.expiresAt - this.clock.now() : Number.POSITIVE_INFINITY;
    return record && { data: record.data.slice(), ttlMs };
  }

  // Copied on the way in as well: nobody holds the store's own bytes.
  put({ key, data, ttlMs }: SharedWrite): void {
    this.map.set(key, { data: data.slice(), expiresAt: this.clock.now() + ttlMs });
  }

  /** How many there were. */
  drop(keys: readonly string[]): number {
    return keys.filter((key) => this.live(key) !== undefined && this.map.delete(key)).length;
  }

  /** Whether the record is there and is byte for byte this. */
  holds(key: string, data: Uint8Array): boolean {
    const record = this.live(key);
    return record !== undefined && Buffer.compare(record.data, data) === 0;
  }
}
