import type { Clock } from '../ports/clock.js';
import {
  type Attempt,
  CircuitBreaker,
  type CircuitBreakerLimits,
  OpenCircuitError,
} from './circuit-breaker.js';

/** What an operation does to the store. */
export type Access = 'read' | 'write';

/**
 * What an error says of the store. `unreachable` counts for reads and writes, `write` for writes only; `refused`
 * (authentication, permission, unknown command) stops both for long; `key` concerns one key and counts as a success.
 */
export type FaultKind = 'unreachable' | 'write' | 'refused' | 'key';

/** An operation as the breakers know it. */
export interface GuardedAttempt extends Attempt {
  readonly access: Access;
}

/**
 * One breaker for reads and one for writes, so that a store which takes no more writes (full, read-only) still answers
 * reads, and a read that succeeds does not send writes to it again.
 */
export class GuardBreakers {
  readonly #read: CircuitBreaker;
  readonly #write: CircuitBreaker;

  /** @param report hears once of the beginning and of the end of each outage, and once of a store that refuses us. */
  constructor(
    private readonly name: string,
    private readonly limits: CircuitBreakerLimits,
    clock: Clock,
    private readonly report: (news: Error) => void,
    random: () => number,
  ) {
    this.#read = new CircuitBreaker(`${name}: reads`, limits, clock, report, random);
    this.#write = new CircuitBreaker(`${name}: writes`, limits, clock, report, random);
  }

  /** What is wrong; empty when nothing is. */
  get ailments(): string[] {
    return [this.#read.ailment, this.#write.ailment].filter((ailment) => ailment !== undefined);
  }

  of(access: Access): CircuitBreaker {
    return access === 'read' ? this.#read : this.#write;
  }

  succeeded(attempt: GuardedAttempt): void {
    this.of(attempt.access).succeeded(attempt);
    this.#other(attempt).reached();
  }

  failed(attempt: GuardedAttempt, kind: FaultKind, error: unknown): void {
    if (kind === 'key') this.succeeded(attempt);
    else if (kind === 'refused') this.#refused(attempt, error);
    else if (kind === 'unreachable' || attempt.access === 'write') {
      this.of(attempt.access).failed(attempt, error);
      if (kind === 'unreachable') this.#other(attempt).failedElsewhere(attempt, error);
    } else {
      // A read that had to write something: as a read it got its answer.
      this.#read.succeeded(attempt);
      this.#write.failedElsewhere(attempt, error);
    }
  }

  #refused(attempt: GuardedAttempt, error: unknown): void {
    const isKnown = this.#read.isRefused || this.#write.isRefused;
    const opened = this.of(attempt.access).refused(attempt, error, true);
    // A probe speaks for its own kind only: who may read and not write would lose reads again with every probe.
    if (!attempt.isProbe) this.#other(attempt).refused(attempt, error, false);
    if (isKnown || !opened) return;
    const message = `${this.name}: the store refuses us and is left alone for ${this.limits.refusedMs} ms`;
    this.report(new OpenCircuitError(message, error));
  }

  #other({ access }: GuardedAttempt): CircuitBreaker {
    return access === 'read' ? this.#write : this.#read;
  }
}
