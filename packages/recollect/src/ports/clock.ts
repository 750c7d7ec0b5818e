/**
 * Time as the cache sees it: monotonic milliseconds from an arbitrary start, never a wall clock, so that a
 * clock that is set forwards or backwards changes nothing.
 */
export interface Clock {
  /** Exact monotonic milliseconds. Reading it also brings {@link Clock.coarse} up to date. */
  now(): number;

  /**
   * The time of the last tick: a plain field, because reading a real clock costs three times a map lookup. It is
   * never ahead of `now()`; it may be behind it by one tick, and is `Infinity` while the clock sleeps, which sends
   * whoever compares against it to `now()`.
   */
  readonly coarse: number;

  /** Runs `task` once after `ms`; the returned function cancels it. Never keeps the process alive. */
  after(ms: number, task: () => void): () => void;
}
