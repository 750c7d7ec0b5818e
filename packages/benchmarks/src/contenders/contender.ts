import type { Customer } from '../customer.js';

/** A cache of two tiers in front of a load. */
export interface Contender {
  get(id: number): Promise<Customer>;
  close(): Promise<unknown>;
}

/** Opens a cache on a server; everything it does not hold comes from `load`. */
export type OpenContender = (url: string, load: (id: number) => Promise<Customer>) => Promise<Contender>;
