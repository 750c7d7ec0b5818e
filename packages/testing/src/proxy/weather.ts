import type { ByteFlips } from './byte-flips.js';

/** From the clients to the server, or from the server to the clients. */
export type Way = 'up' | 'down';

/** A connection that is to be cut at a command. */
export interface Ambush {
  readonly match: string;
  readonly when: 'before' | 'after';
}

/** The faults of a proxy, as they are at the moment. All its connections look at the same. */
export interface Weather {
  delayMs: number;
  readonly blocked: Set<Way>;
  ambushes: Ambush[];
  readonly flips: ByteFlips;
}
