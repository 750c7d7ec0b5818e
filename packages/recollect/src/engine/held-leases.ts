import type { AtomicStore, Lease } from '../ports/atomic-store.js';
import type { Clock } from '../ports/clock.js';
import type { LeaseLimits } from './lease-limits.js';

/** A lease of this process, renewed until it ends. */
export class HeldLease {
  readonly #renewable: number;
  #cancel: () => void = () => {};
  #ended = false;
  #lost = false;

  constructor(
    readonly lease: Lease,
    private readonly store: AtomicStore,
    private readonly clock: Clock,
    private readonly limits: LeaseLimits,
    private readonly onEnd: (held: HeldLease) => void,
    /** Hears that the lease is not ours any more, or will not be renewed any more. */
    private readonly onLoss: () => void,
  ) {
    this.#renewable = clock.now() + limits.longestLoadMs;
    this.#beatLater();
  }

  /** Known to be gone: what is loaded under it must not be stored. */
  get lost(): boolean {
    return this.#lost;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** No more heartbeats. What becomes of the claim is the caller's business. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#cancel();
    this.onEnd(this);
  }

  /** Ends it, so that the next who asks may load at once. */
  async release(): Promise<void> {
    this.end();
    await this.store.release(this.lease);
  }

  #beatLater(): void {
    this.#cancel = this.clock.after(this.limits.durationMs / 3, () => void this.#beat());
  }

  async #beat(): Promise<void> {
    if (this.clock.now() >= this.#renewable) return this.#lose();
    try {
      if (!(await this.store.renew(this.lease, this.limits.durationMs))) return this.#lose();
    } catch {
      // Whether it is still ours is asked again at the next beat, and in the end by the commit.
    }
    if (!this.#ended) this.#beatLater();
  }

  #lose(): void {
    if (this.#ended) return;
    this.#lost = true;
    this.end();
    this.onLoss();
  }
}

/** The leases of one runtime. */
export class HeldLeases {
  readonly #held = new Set<HeldLease>();
  #idle = (): void => {};

  constructor(private readonly clock: Clock) {}

  get size(): number {
    return this.#held.size;
  }

  hold(lease: Lease, store: AtomicStore, limits: LeaseLimits, onLoss: () => void): HeldLease {
    const held = new HeldLease(lease, store, this.clock, limits, (ended) => this.#ended(ended), onLoss);
    this.#held.add(held);
    return held;
  }

  /** Resolves when there are none, at the latest when they are abandoned. */
  settled(): Promise<void> {
    return new Promise((resolve) => {
      this.#idle = resolve;
      this.#restIfIdle();
    });
  }

  /**
   * Ends all heartbeats. What this process was allowed to load at least once, others may load at once; of what must not be
   * started twice nobody knows how far it came. Never rejects.
   */
  async abandon(): Promise<void> {
    const left = [...this.#held];
    for (const held of left) held.end();
    const shared = left.filter(({ lease }) => lease.mode === 'at_least_once');
    await Promise.allSettled(shared.map((held) => held.release()));
  }

  #ended(held: HeldLease): void {
    this.#held.delete(held);
    this.#restIfIdle();
  }

  #restIfIdle(): void {
    if (this.#held.size === 0) this.#idle();
  }
}
