import type { BackendContext } from '../ports/backend-context.js';
import { Bulkhead, OverloadError } from './bulkhead.js';
import { DeadlineError, Deadlines, type Timed } from './deadlines.js';
import { type Access, type FaultKind, GuardBreakers, type GuardedAttempt } from './guard-breakers.js';
import { type GuardOptions, guardLimits } from './guard-options.js';
import { Watchdog } from './guard-watchdog.js';

/** What a {@link Guard} asks of the backend it guards. */
export interface GuardHooks {
  /** What the error that an operation rejected with says of the store. */
  faultOf(error: unknown): FaultKind;
  /**
   * The connection should be replaced, which settles what is under way on it: operations are under way and none has
   * ended for two deadlines, or as many in a row as open the breaker missed theirs, over two deadlines or more.
   */
  stalled?(): void;
}

interface Operation extends Timed, GuardedAttempt {
  readonly bytes: number;
  readonly reject: (error: unknown) => void;
  isExpired: boolean;
}

/**
 * Stands between a shared backend and its store, so that a store which is slow, down or full costs each caller a bounded
 * time and the process a bounded memory:
 *
 * - an operation that is not over by its deadline rejects with a `DeadlineError`; what comes of it later is not heard;
 * - with too many operations, or bytes, under way it rejects with an `OverloadError`, at once. One past its deadline
 *   keeps its place until it settles, as the client keeps its memory;
 * - after failures in a row it rejects with an `OpenCircuitError`, at once; reads and writes are judged apart.
 *
 * Every operation is O(1) and starts no timer of its own.
 */
export class Guard {
  readonly #name: string;
  readonly #context: BackendContext;
  readonly #hooks: GuardHooks;
  readonly #deadlines: Deadlines<Operation>;
  readonly #bulkhead: Bulkhead;
  readonly #watchdog: Watchdog;
  readonly #breakers: GuardBreakers | undefined;
  readonly #counts = { deadlines: 0, overloads: 0, rejectedByBreaker: 0, probes: 0 };
  // Made once: under load the making of errors, with their stacks, would be most of what an outage costs.
  readonly #late: DeadlineError;
  readonly #overload: OverloadError;
  #isClosed = false;

  /**
   * @param name of the backend, in messages.
   * @param random from 0 to 1, for jitter.
   * @throws ConfigurationError for an option that cannot be meant.
   */
  constructor(
    name: string,
    options: GuardOptions,
    context: BackendContext,
    hooks: GuardHooks,
    random: () => number = Math.random,
  ) {
    const limits = guardLimits(name, options);
    const { deadlineMs, maxInFlight, maxInFlightBytes, breaker } = limits;
    this.#name = name;
    this.#context = context;
    this.#hooks = hooks;
    this.#bulkhead = new Bulkhead(maxInFlight, maxInFlightBytes);
    this.#watchdog = new Watchdog(deadlineMs, breaker.failures);
    this.#deadlines = new Deadlines(deadlineMs, context.clock, {
      expired: (operation: Operation, now) => this.#expired(operation, now),
      ticked: (now) => this.#ticked(now),
    });
    const report = (news: Error) => this.#report(news);
    if (limits.isBreakerOn) this.#breakers = new GuardBreakers(name, breaker, context.clock, report, random);
    this.#late = new DeadlineError(`no answer within ${deadlineMs} ms`);
    this.#overload = new OverloadError(
      `no more than ${maxInFlight} operations and ${maxInFlightBytes} bytes may be under way`,
    );
  }

  /**
   * Does the work, unless the store is overloaded or failing: then it rejects in the same tick, and `work` is not called.
   *
   * @param bytes what the operation holds while it is under way, about.
   * @returns what the work comes to, or a rejection with its error or with one of the three above.
   */
  run<T>(access: Access, bytes: number, work: () => Promise<T>): Promise<T> {
    if (this.#isClosed) return Promise.reject(new Error('it is closed'));
    const breaker = this.#breakers?.of(access);
    const refusal = breaker?.refusal();
    if (refusal !== undefined) {
      this.#counts.rejectedByBreaker++;
      return Promise.reject(refusal);
    }
    // Before it begins: the breaker would wait for ever for a probe that found no place.
    if (!this.#bulkhead.enter(bytes)) {
      this.#counts.overloads++;
      return Promise.reject(this.#overload);
    }
    const isProbe = breaker?.begin() ?? false;
    if (isProbe) this.#counts.probes++;
    return new Promise<T>((resolve, reject) => {
      const operation = this.#start(access, bytes, isProbe, reject);
      const failed = (error: unknown) => this.#failed(operation, error);
      try {
        work().then((value) => {
          if (!this.#ended(operation)) return;
          resolve(value);
          this.#breakers?.succeeded(operation);
        }, failed);
      } catch (error) {
        failed(error);
      }
    });
  }

  /** Fit for a health check. It is always `ok`, as callers get their answers without the store as well. */
  health(): { readonly ok: true; readonly degraded: boolean; readonly reasons: readonly string[] } {
    const reasons = this.#breakers?.ailments ?? [];
    if (this.#bulkhead.isFull) {
      const { operations, bytes } = this.#bulkhead;
      reasons.push(
        `${this.#name}: ${operations} operations with ${bytes} bytes are under way, as many as may be`,
      );
    }
    return { ok: true, degraded: reasons.length > 0, reasons };
  }

  /** How many operations missed their deadline, were turned away for want of room or by a breaker, and were probes. */
  counts(): {
    readonly deadlines: number;
    readonly overloads: number;
    readonly rejectedByBreaker: number;
    readonly probes: number;
  } {
    return { ...this.#counts };
  }

  /** Nothing more is let through. What is under way keeps its deadline, and after the last of them no timer runs. */
  close(): void {
    this.#isClosed = true;
  }

  #start(access: Access, bytes: number, isProbe: boolean, reject: (error: unknown) => void): Operation {
    const startedAt = this.#context.clock.now();
    if (this.#bulkhead.operations === 1) this.#watchdog.began(startedAt);
    const operation: Operation = {
      access,
      bytes,
      isProbe,
      startedAt,
      reject,
      isExpired: false,
      newer: undefined,
      older: undefined,
    };
    this.#deadlines.add(operation);
    return operation;
  }

  /** Clears up after an operation; true when somebody still waits for its outcome. */
  #ended(operation: Operation): boolean {
    this.#bulkhead.leave(operation.bytes);
    this.#watchdog.ended(!operation.isExpired);
    if (operation.isExpired) return false;
    this.#deadlines.remove(operation);
    return true;
  }

  #failed(operation: Operation, error: unknown): void {
    if (!this.#ended(operation)) return;
    operation.reject(error);
    this.#breakers?.failed(operation, this.#faultOf(error), error);
  }

  #expired(operation: Operation, now: number): void {
    operation.isExpired = true;
    operation.reject(this.#late);
    this.#counts.deadlines++;
    this.#watchdog.missed(now);
    this.#breakers?.failed(operation, 'unreachable', this.#late);
  }

  #ticked(now: number): boolean {
    if (this.#isClosed) return this.#deadlines.isWaitedFor;
    if (this.#watchdog.isStalled(now, this.#bulkhead.operations)) this.#stalled();
    return this.#bulkhead.operations > 0;
  }

  // The three below are foreign code, called where an exception has nobody to go to and would stop the guard.

  #stalled(): void {
    try {
      this.#hooks.stalled?.();
    } catch (error) {
      this.#report(error);
    }
  }

  #faultOf(error: unknown): FaultKind {
    try {
      return this.#hooks.faultOf(error);
    } catch {
      return 'unreachable';
    }
  }

  #report(error: unknown): void {
    try {
      this.#context.report({ operation: 'background', error });
    } catch {
      // Whoever listens to failures must not cause one.
    }
  }
}
