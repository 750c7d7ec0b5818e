import type { BackendHealth } from 'recollect';
import type { Access } from 'recollect/guard';
import type { RedisTarget } from '../redis-target.js';
import type { Wire } from '../wire.js';

/** Work for one connection. What it returns settles with the last reply it waits for. */
export type Work<T> = (wire: Wire) => Promise<T>;

/** The way to the servers, whatever their topology. Everything on it is over by a deadline; see `Guard`. */
export interface Route {
  /**
   * Does the work on the server that has the keys; they are all that the work names. It may be called again, when the
   * server says that the slot has moved. Rejects with a `CrossSlotError`, before anything is sent, where no one server has all
   * of them by rule and not by chance.
   *
   * @param access `read` for all that a server does even when it takes in no new data.
   * @param bytes How much the commands carry, about.
   */
  run<T>(keys: string | readonly string[], access: Access, bytes: number, work: Work<T>): Promise<T>;
  /** The same on a connection that nobody else uses meanwhile, for WATCH; afterwards nothing is watched on it. */
  alone<T>(keys: string | readonly string[], access: Access, bytes: number, work: Work<T>): Promise<T>;
  /** The positions of the keys, in groups that one command may name together. */
  together(keys: readonly (string | Buffer)[]): readonly (readonly number[])[];
  /** The servers whose keys make up all keys, each with a way to do one step of a walk there. */
  walks(): Promise<readonly Walk[]>;
  /** Where to hear what is published by way of this route. To be asked for each attempt to connect. */
  subscribeAt(): RedisTarget;
  health(): BackendHealth;
  /** Idempotent; never rejects. */
  close(): Promise<void>;
}

/** A walk over the keys of one server: has a longer deadline, and is tried even after failures. */
export interface Walk {
  step<T>(work: Work<T>): Promise<T>;
}
