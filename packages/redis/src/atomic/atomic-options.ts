import { refuse } from '../refuse.js';

/** How leases are kept. */
export interface AtomicOptions {
  /**
   * By scripts (`lua`), or by WATCH and MULTI on connections of their own (`watch`), which takes two round trips where a script
   * takes one. Default `auto`: by scripts until the server refuses them.
   */
  readonly mechanism?: 'auto' | 'watch' | 'lua' | undefined;
  /**
   * The most connections of their own that WATCH, and the search for lost replies, may have open to one server; they are
   * opened as they are needed. 1 to 64; default 8.
   */
  readonly isolatedConnections?: number | undefined;
  /**
   * `true`: `at_most_once` is offered also where the server, short of memory, may forget that a method has started
   * (`maxmemory-policy` is `allkeys-…`). Default `false`: it is refused there.
   */
  readonly acceptEviction?: boolean | undefined;
}

/** Every name that may be written. */
export const ATOMIC_OPTION_NAMES = Object.freeze([
  'mechanism',
  'isolatedConnections',
  'acceptEviction',
] as const);

/** What a store does by them, checked and complete. */
export type AtomicSettings = {
  readonly [Name in 'mechanism' | 'acceptEviction']: NonNullable<AtomicOptions[Name]>;
};

const MECHANISMS = ['auto', 'watch', 'lua'] as const;

/** @throws ConfigurationError naming the option, what it is and what is accepted. */
export function atomicSettings({
  mechanism = 'auto',
  acceptEviction = false,
}: AtomicOptions): AtomicSettings {
  if (!MECHANISMS.includes(mechanism)) throw refuse('mechanism', mechanism, "'auto', 'watch' or 'lua'");
  if (typeof acceptEviction !== 'boolean') throw refuse('acceptEviction', acceptEviction, 'true or false');
  return Object.freeze({ mechanism, acceptEviction });
}
