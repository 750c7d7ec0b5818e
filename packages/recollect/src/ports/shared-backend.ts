import type { AtomicMode, AtomicStore } from './atomic-store.js';
import type { SharedRecord, SharedWrite, Tombstone } from './shared-record.js';

/** How a shared backend fares. */
export interface BackendHealth {
  /** It answers less than it should: calls are right all the same, and slower. */
  readonly degraded: boolean;
  /** Why, in words. Empty when it is not degraded. */
  readonly reasons: readonly string[];
}

/**
 * The tier that several processes share. It stores bytes under text keys and knows nothing of sites, envelopes or
 * serializers. Every method rejects with a `BackendError` when the store cannot be reached or refuses, except in a
 * backend that promises never to (`RedisCacheNoExceptions`): that one answers as if nothing were stored.
 */
export interface SharedBackend {
  /** The name it is configured by. */
  readonly kind: string;
  /**
   * What becomes of a record that cannot be decoded: `raise` lets a manual read fail and leaves the record to be
   * overwritten, `heal` deletes it (if it is still that very record) and reads as a miss.
   */
  readonly corrupt: 'raise' | 'heal';
  /**
   * The records in the order of the keys, in one round trip. `undefined` where there is none. What lies in one place (one
   * server, one slot of a cluster) is read at one moment.
   *
   * @param lives Of how many of them, from the first on, the life that is left is wanted. Default: of all.
   */
  read(keys: readonly string[], lives?: number): Promise<readonly (SharedRecord | undefined)[]>;
  /**
   * Stores all of them, in one round trip. A record is stored whole or not at all; several are not atomic together.
   * True when stored; a backend that never rejects says `false` when it could not.
   */
  write(records: readonly SharedWrite[]): Promise<boolean>;
  /**
   * Stores the record if the key holds nothing, or byte for byte `expected`; false when it holds something else,
   * `undefined` when a backend that never rejects could not do it. Atomic.
   */
  fill(record: SharedWrite, expected: Uint8Array | undefined): Promise<boolean | undefined>;
  /** Stores the record unless the key is taken; resolves to the data that lies there afterwards. Atomic. */
  add(record: SharedWrite): Promise<Uint8Array>;
  /**
   * How many there were; `undefined` when a backend that never rejects could not do it.
   *
   * With a tombstone that takes the place of each of them, whether there was a record or not, or, where the store takes no new
   * data at the moment, of none; to be tried as a deletion is, even when other writes are not. Then the number says nothing.
   */
  delete(keys: readonly string[], tombstone?: Tombstone): Promise<number | undefined>;
  /** Deletes the record if its data is still byte for byte `data`. Atomic. */
  deleteIfEqual(key: string, data: Uint8Array): Promise<boolean>;
  /** Every live key that starts with the prefix, in no order, each once; what is written meanwhile may be missed. */
  scan(prefix: string): AsyncIterable<string>;
  /** Deletes every key that starts with the prefix; how many there were, `undefined` as for `delete`. */
  clear(prefix: string): Promise<number | undefined>;
  /** Leases, for `atomicWrites`. Absent: it has none. */
  readonly atomic?: AtomicStore;
  /** The mode of every site that asks for none by itself. */
  readonly atomicByDefault?: AtomicMode;
  /** How it fares at this moment, without asking the store. Absent: it cannot tell. */
  health?(): BackendHealth;
  /**
   * What it counts itself, since it was made: `deadlines`, `overloads` and `rejectedByBreaker` as of a `Guard`, and whatever
   * else. Absent: it counts nothing.
   */
  counts?(): Readonly<Record<string, number>>;
  /** Ends connections and timers. Idempotent; never rejects. */
  close(): Promise<void>;
}
