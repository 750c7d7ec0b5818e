import type { SiteSpec } from '../history/site-spec.js';

/** Times in milliseconds. */
export interface Timing {
  /** How long a lease lives without being renewed. */
  readonly leaseMs: number;
  /** How long a caller waits for the load of another. */
  readonly waitMs: number;
  /** How long it is remembered that a load has started. */
  readonly retentionMs: number;
  /** How long an operation on the shared tier may take. */
  readonly deadlineMs: number;
}

/** What a process is to do. Sent as JSON. */
export interface Task {
  readonly seed: number;
  /** Its name, from which also its clients draw their steps. */
  readonly process: string;
  readonly namespace: string;
  readonly sites: readonly SiteSpec[];
  readonly keys: readonly string[];
  /** How many clients it has. */
  readonly clients: number;
  /** How to get to the servers: options of the shared tier. */
  readonly servers: Readonly<Record<string, unknown>>;
  readonly timing: Timing;
}

/** In place of a value that could not be had. */
export const NONE = '';

/** What a process can be told to do. */
export interface WorkerFunctions {
  /** Opens the cache and lets the clients loose. */
  begin(task: Task): Promise<void>;
  /** Resolves when the clients have come to rest. */
  rest(): Promise<void>;
  /** Whether it has come to terms with the servers again within so many milliseconds. */
  recover(withinMs: number): Promise<boolean>;
  /** Invalidates every key of every site until that is acknowledged. */
  invalidateAll(withinMs: number): Promise<void>;
  /** Calls every site with every key, a few times at most; the loads of the values, where all share them. */
  callAll(): Promise<readonly string[]>;
  /** Closes the cache and lets the process end. */
  finish(): Promise<void>;
}
