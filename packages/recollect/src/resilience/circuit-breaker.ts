import type { Clock } from '../ports/clock.js';

/** The store failed, and is left alone for a while. Nothing was sent. */
export class OpenCircuitError extends Error {
  override readonly name = 'OpenCircuitError';

  /** @param cause the failure that opened it; its message ends ours. */
  constructor(message: string, cause: unknown) {
    const why = cause instanceof Error ? cause.message || cause.name : String(cause);
    super(`${message}: ${why}`, { cause });
  }
}

/** When a breaker opens and how long for. */
export interface CircuitBreakerLimits {
  /** Failures in a row that open it. */
  readonly failures: number;
  readonly openMs: number;
  readonly longestOpenMs: number;
  readonly refusedMs: number;
  /** How long each step of the ramp lasts: long enough for a failure in it to show. */
  readonly rampStepMs: number;
}

/** An operation that passed a breaker. */
export interface Attempt {
  /** Monotonic milliseconds. */
  readonly startedAt: number;
  /** What `begin` said. */
  readonly isProbe: boolean;
}

type State = 'closed' | 'open' | 'half-open' | 'ramp';

/** Probes that must succeed, one after the other, before anything else is let through. */
const PROBES = 3;
/** On the ramp every so many-th operation passes: 10 %, then 50 %. */
const RAMP = [10, 2];
const JITTER = 0.2;

/**
 * A circuit breaker (Nygard, "Release It!", 2007) for one kind of operation. Closed: all pass. Open: none pass, for a
 * time that doubles with every probe that fails, with jitter so that processes do not probe in step. Half-open: one
 * operation at a time is the probe, the rest do not pass. After three of them a ramp lets through a tenth, then half.
 * Nothing here runs by itself: time is compared when somebody asks. All of it is O(1).
 */
export class CircuitBreaker {
  #state: State = 'closed';
  #changedAt = Number.NEGATIVE_INFINITY;
  #openUntil = 0;
  /** How often it opened in this outage. */
  #openings = 0;
  #outageSince = 0;
  #isRefused = false;
  /** Failures in a row of its own operations, and of others since anything last succeeded. */
  #own = 0;
  #foreign = 0;
  #isProbing = false;
  #successes = 0;
  #ramped = 0;
  #refusal: OpenCircuitError | undefined;

  /**
   * @param subject what passes here, in messages: `RedisCache: reads`.
   * @param report hears of the beginning and of the end of each outage, once.
   * @param random from 0 to 1.
   */
  constructor(
    private readonly subject: string,
    private readonly limits: CircuitBreakerLimits,
    private readonly clock: Clock,
    private readonly report: (news: Error) => void,
    private readonly random: () => number,
  ) {}

  /** What is wrong, in words that quote no foreign error; `undefined` when nothing is. */
  get ailment(): string | undefined {
    this.#endRamp();
    if (this.#state === 'closed') return undefined;
    if (this.#state === 'ramp') return `${this.subject} are let through again, step by step`;
    return `${this.subject} are not sent: ${this.#isRefused ? 'the store refuses us' : 'they failed'}`;
  }

  /** True from the first refusal of an outage to the end of the outage. */
  get isRefused(): boolean {
    return this.#isRefused;
  }

  /**
   * Why an operation may not begin now; `undefined` when it may. One error per opening, as the making of errors costs
   * more than all else here.
   */
  refusal(): OpenCircuitError | undefined {
    if (this.#state === 'closed') return undefined;
    this.#endRamp();
    return this.#admits() ? undefined : this.#refusal;
  }

  /** An operation that was admitted begins; true when it is a probe, whose outcome must be told in any case. */
  begin(): boolean {
    if (this.#state === 'open') {
      this.#change('half-open');
      this.#successes = 0;
    }
    if (this.#state !== 'half-open') return false;
    this.#isProbing = true;
    return true;
  }

  /** An operation of its own succeeded. */
  succeeded(attempt: Attempt): void {
    if (attempt.isProbe) this.#probeSucceeded();
    else if (this.#counts(attempt)) {
      this.#own = 0;
      this.#foreign = 0;
    }
  }

  /** An operation of the other kind succeeded, which says that the store is there. */
  reached(): void {
    this.#foreign = 0;
  }

  /** An operation of its own failed. */
  failed(attempt: Attempt, error: unknown): void {
    if (attempt.isProbe) {
      this.#isProbing = false;
      this.#open(error, this.#backOff());
    } else if (this.#counts(attempt)) {
      this.#own++;
      this.#openIfDue(error);
    }
  }

  /** An operation of the other kind failed in a way that concerns this one as well. */
  failedElsewhere(attempt: Attempt, error: unknown): void {
    if (!this.#counts(attempt)) return;
    this.#foreign++;
    this.#openIfDue(error);
  }

  /**
   * The store wants nothing from us: opens for long, without a report, as one says it for reads and writes.
   *
   * @param isOwn whether the operation was one of its own.
   * @returns whether it opened.
   */
  refused(attempt: Attempt, error: unknown, isOwn: boolean): boolean {
    if (isOwn && attempt.isProbe) this.#isProbing = false;
    else if (!this.#counts(attempt)) return false;
    this.#isRefused = true;
    this.#open(error, this.limits.refusedMs);
    return true;
  }

  #admits(): boolean {
    if (this.#state === 'open') return this.clock.now() >= this.#openUntil;
    if (this.#state === 'half-open') return !this.#isProbing;
    const every = this.#state === 'ramp' ? (RAMP[this.#rampStep()] ?? 1) : 1;
    return ++this.#ramped % every === 0;
  }

  /** Operations from before the last change tell of another time; those of half-open times are probes. */
  #counts({ startedAt }: Attempt): boolean {
    return (this.#state === 'closed' || this.#state === 'ramp') && startedAt >= this.#changedAt;
  }

  #probeSucceeded(): void {
    this.#isProbing = false;
    if (++this.#successes < PROBES) return;
    this.#change('ramp');
    this.#ramped = 0;
  }

  #openIfDue(error: unknown): void {
    this.#endRamp();
    // On the ramp one failure is enough: it shows that the store does not bear what it is given.
    if (this.#state === 'ramp' || this.#own + this.#foreign >= this.limits.failures)
      this.#open(error, this.#backOff());
  }

  #open(error: unknown, ms: number): void {
    const isNews = this.#openings === 0 && !this.#isRefused;
    this.#change('open');
    if (this.#openings === 0) this.#outageSince = this.#changedAt;
    this.#openings++;
    this.#openUntil = this.#changedAt + ms;
    this.#refusal = new OpenCircuitError(`${this.subject} are not sent to the store for a while`, error);
    if (isNews) this.report(this.#refusal);
  }

  #backOff(): number {
    const { openMs, longestOpenMs } = this.limits;
    const ms = Math.min(longestOpenMs, openMs * 2 ** this.#openings);
    return ms * (1 - JITTER + 2 * JITTER * this.random());
  }

  #rampStep(): number {
    return Math.floor((this.clock.now() - this.#changedAt) / this.limits.rampStepMs);
  }

  #endRamp(): void {
    if (this.#state !== 'ramp' || this.#rampStep() < RAMP.length) return;
    this.#change('closed');
    this.#openings = 0;
    this.#isRefused = false;
    const ms = Math.round(this.#changedAt - this.#outageSince);
    this.report(new Error(`${this.subject} are sent to the store again, after ${ms} ms`));
  }

  #change(state: State): void {
    this.#state = state;
    this.#changedAt = this.clock.now();
    this.#own = 0;
    this.#foreign = 0;
  }
}
