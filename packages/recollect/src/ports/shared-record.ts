/** A record as it lies in the shared tier. */
export interface SharedRecord {
  readonly data: Uint8Array;
  /** Milliseconds it has left there; `Infinity` when it has no end, or when the life was not asked for. */
  readonly ttlMs: number;
}

/** A record to be written. */
export interface SharedWrite {
  readonly key: string;
  readonly data: Uint8Array;
  /** Whole milliseconds, at least 1; `Infinity` for no end. */
  readonly ttlMs: number;
}

/** What an invalidation leaves in the place of a record: bytes like any other, to the store. */
export type Tombstone = Omit<SharedWrite, 'key'>;
