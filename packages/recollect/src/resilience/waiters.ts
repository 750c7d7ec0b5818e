/** How many callers may wait for loads that are not theirs. */
export interface WaiterLimits {
  readonly maxWaiters: number;
  readonly maxWaitersInAll: number;
}

/** Counts those who wait, per key and in all, so that a load that hangs cannot fill the memory with them. */
export class Waiters {
  readonly #byKey = new Map<string, number>();
  #inAll = 0;

  constructor(private readonly limits: WaiterLimits) {}

  get size(): number {
    return this.#inAll;
  }

  /** False when there are as many as may be; else `leave` is owed. */
  enter(key: string): boolean {
    const here = this.#byKey.get(key) ?? 0;
    if (here >= this.limits.maxWaiters || this.#inAll >= this.limits.maxWaitersInAll) return false;
    this.#byKey.set(key, here + 1);
    this.#inAll++;
    return true;
  }

  leave(key: string): void {
    const left = (this.#byKey.get(key) ?? 0) - 1;
    if (left > 0) this.#byKey.set(key, left);
    else this.#byKey.delete(key);
    this.#inAll--;
  }
}
