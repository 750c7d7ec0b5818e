/** Why an entry left a local backend. */
export type Removal = 'evicted' | 'expired' | 'replaced' | 'deleted';

/** What a local backend keeps: opaque to it but for the fields below. */
export interface LocalEntry {
  readonly key: string;
  /** What the entry is charged when the backend is bounded by bytes. */
  readonly bytes: number;
  /** Monotonic milliseconds; at or after this moment the entry is gone. `Infinity` for an immortal entry. */
  readonly freshUntil: number;
  /** To be called exactly once when the entry leaves the backend, for whatever reason. */
  retire(cause: Removal): void;
  /** Two links for the backend's own order; nobody else reads them. */
  newer: LocalEntry | undefined;
  older: LocalEntry | undefined;
  /** A number for the backend's own order, which sets it; nobody else reads it. */
  mark?: number;
}

/**
 * The tier in this process. All of it is synchronous. Keys come complete (namespace, site, arguments); a backend only
 * compares them.
 */
export interface LocalBackend {
  /** The name it is configured by. */
  readonly kind: string;
  /** `copy`: each caller gets a value of its own; `reference`: all callers share what the method returned. */
  readonly isolation: 'copy' | 'reference';
  /** How many entries are held. */
  readonly size: number;
  /** What all entries are charged: their `bytes`, and what the backend adds for keys and book-keeping. */
  readonly bytes: number;
  /** The entry, counted as a use of it; an expired one is retired and not returned. */
  get(key: string): LocalEntry | undefined;
  /** Takes the entry in, retires the one it replaces and, to stay in bounds, others; may retire the entry itself. */
  set(entry: LocalEntry): void;
  /** True when there was one. */
  delete(key: string): boolean;
  clear(): void;
  keys(): IterableIterator<string>;
  /**
   * Counts a use of an entry that was reached without `get`, through an index that holds the entry itself. Where it is
   * absent every read goes through `get`.
   */
  touch?(entry: LocalEntry): void;
  /** What one entry would be charged for a value, where the backend knows better than the caller. */
  sizeOf?(value: unknown): number;
}
