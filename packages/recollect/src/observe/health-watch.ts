import type { Clock } from '../ports/clock.js';
import type { HealthChange } from '../ports/observer.js';
import type { BackendHealth } from '../ports/shared-backend.js';

/** How often a tier that is degraded is looked at, in milliseconds. */
const PERIOD_MS = 1_000;

/**
 * Tells when a tier becomes degraded and when it has recovered. While it is well nothing runs: whoever meets a failure asks
 * for a look. While it is degraded a timer looks, so that a recovery is told without any traffic, and no more than one change
 * a second.
 */
export class HealthWatch {
  #isDegraded = false;
  #cancel: (() => void) | undefined;
  #isClosed = false;

  /**
   * @param health `undefined`: it cannot be told now.
   * @param tell must not throw.
   */
  constructor(
    private readonly health: () => BackendHealth | undefined,
    private readonly clock: Clock,
    private readonly tell: (change: HealthChange) => void,
  ) {}

  /** Something failed, or may have changed. */
  check(): void {
    if (this.#cancel === undefined && !this.#isClosed) this.#look();
  }

  close(): void {
    this.#isClosed = true;
    this.#cancel?.();
  }

  #look(): void {
    this.#cancel = undefined;
    const { degraded, reasons } = this.#ask();
    if (degraded)
      this.#cancel = this.clock.after(PERIOD_MS, () => {
        if (!this.#isClosed) this.#look();
      });
    if (degraded === this.#isDegraded) return;
    this.#isDegraded = degraded;
    this.tell(Object.freeze({ degraded, reasons: Object.freeze([...reasons]) }));
  }

  #ask(): BackendHealth {
    try {
      const health = this.health();
      if (health !== undefined) return health;
    } catch {
      // A backend of the application, and a timer to whom nobody listens.
    }
    return { degraded: this.#isDegraded, reasons: [] };
  }
}
