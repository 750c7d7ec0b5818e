import type { Policy } from '../model/policy.js';
import { SiteCounters } from '../observe/site-stats.js';
import type { Clock } from '../ports/clock.js';
import { type Entry, PER_CALL, UNREADABLE } from './entry.js';
import type { Lane } from './lane.js';

/** A method that can be memoized, seen from inside. */
export type Method = (this: unknown, ...args: unknown[]) => unknown;

/** Answers the calls that the wrapper could not answer by itself. Another one stands here after reconfiguration. */
export interface Resolver {
  resolve(self: unknown, args: ArrayLike<unknown>): unknown;
}

/** What the hot path needs of the runtime that the site is bound to. */
export interface HotParts {
  readonly clock: Clock;
  readonly counters: SiteCounters;
  touch(entry: Entry): void;
}

const NOBODY = Symbol('no instance yet');
const EMPTY: ReadonlyMap<unknown, Entry> = new Map();
const ASLEEP: Clock = {
  coarse: Number.POSITIVE_INFINITY,
  now: () => Number.POSITIVE_INFINITY,
  after: () => () => {},
};

/**
 * One decorated method as a unit, with what a hit reads in plain fields. They describe the lane of the last instance
 * that called; anything else goes to the resolver.
 */
export class Site {
  /** True when every `this` is on the exposed lane. */
  anySelf = false;
  /** The instance whose lane is exposed. Held strongly, and therefore let go when the clock falls asleep. */
  self: unknown = NOBODY;
  /** The exposed lane's entries by one argument. */
  one: ReadonlyMap<unknown, Entry> = EMPTY;
  lane: Lane | undefined;
  clock: Clock = ASLEEP;
  counters = new SiteCounters();
  touch: (entry: Entry) => void = () => {};

  constructor(
    readonly method: Method,
    readonly policy: Policy,
    public resolver: Resolver,
  ) {}

  /** Lets hits on the lane be answered by the wrapper, for this instance or for all. */
  expose(lane: Lane, self: unknown, anySelf: boolean, parts: HotParts): void {
    this.clock = parts.clock;
    this.counters = parts.counters;
    this.touch = parts.touch;
    this.lane = lane;
    this.one = lane.index.one;
    this.self = self;
    this.anySelf = anySelf;
  }

  /** Sends every call to the resolver again. */
  conceal(): void {
    this.anySelf = false;
    this.self = NOBODY;
    this.one = EMPTY;
    this.lane = undefined;
    this.clock = ASLEEP;
  }

  /** Answers from a fresh entry; `UNREADABLE` sends the call to the resolver, which drops it. */
  hit(entry: Entry): unknown {
    // A loop that never yields starves the clock's timer; the counter bounds how long it can run on old time.
    if ((++this.counters.localHits & 1023) === 0) this.clock.now();
    this.touch(entry);
    const { result } = entry;
    if (result !== PER_CALL) return result;
    try {
      return entry.deliver();
    } catch {
      this.counters.localHits--;
      return UNREADABLE;
    }
  }
}
