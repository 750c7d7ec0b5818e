import type { BackendContext } from 'recollect';
import { type Access, Guard, type GuardHooks, type GuardOptions } from 'recollect/guard';
import { type ConnectionEvents, RedisConnection } from './connection.js';
import { faultOf } from './fault-of.js';
import type { RedisTarget } from './redis-target.js';
import type { Wire } from './wire.js';

/** A reason of `health()`. */
export const NO_CONNECTION = 'no connection';

/** A walk has nobody waiting for each of its steps, so one may take so many times as long as any other operation. */
const WALK_PATIENCE = 10;
const DEFAULT_DEADLINE_MS = 100;
const LONGEST_DEADLINE_MS = 3_600_000;

/** How long an operation may take under these limits. */
export function deadlineOf({ deadlineMs = DEFAULT_DEADLINE_MS }: GuardOptions): number {
  return deadlineMs;
}

/** What a guarded connection tells about its server. */
export interface ServerEvents extends ConnectionEvents {
  /** An operation was answered with this error, or did not come to an answer. */
  failed?(error: unknown): void;
}

/**
 * The connection behind a guard: every command is over by its deadline, is not even tried while the server is known to
 * fail, and finds a limit to what may be under way. A connection on which nothing is answered is replaced.
 *
 * The wait for the very first connection, and the failures while there is none, are no business of the guard: the
 * connection bounds the one by `connectTimeoutMs`, fails the others at once, and knows best when the server is back.
 */
export class GuardedConnection {
  readonly #connection: RedisConnection;
  readonly #guard: Guard;
  readonly #walks: Guard;
  #closing: Promise<void> | undefined;

  /** @throws ConfigurationError for a limit that cannot be meant. */
  constructor(
    kind: string,
    target: RedisTarget,
    limits: GuardOptions,
    context: BackendContext,
    events: ServerEvents = {},
  ) {
    this.#connection = new RedisConnection(kind, target, context, events);
    const hooks: GuardHooks = {
      faultOf: (error) => {
        events.failed?.(error);
        return faultOf(error);
      },
      stalled: () => this.#connection.replace(new Error('nothing on it was answered')),
    };
    this.#guard = new Guard(kind, limits, context, hooks);
    const deadlineMs = Math.min(WALK_PATIENCE * deadlineOf(limits), LONGEST_DEADLINE_MS);
    this.#walks = new Guard(kind, { ...limits, deadlineMs, breaker: false }, context, hooks);
  }

  /**
   * @param access `read` for all that a server does even when it takes in no new data.
   * @param bytes How much the commands carry.
   */
  run<T>(access: Access, bytes: number, work: (wire: Wire) => Promise<T>): Promise<T> {
    return this.#connection.run((wire) => this.#guard.run(access, bytes, () => work(wire)));
  }

  /** Whether the last that was heard of the connection is a failed attempt, or a loss. */
  get isDown(): boolean {
    return this.#connection.isDown;
  }

  /** One step of a walk over the keys: has a longer deadline, and is tried even after failures. */
  step<T>(work: (wire: Wire) => Promise<T>): Promise<T> {
    return this.#connection.run((wire) => this.#walks.run('read', 0, () => work(wire)));
  }

  health(): ReturnType<Guard['health']> {
    const { degraded, reasons } = this.#guard.health();
    if (!this.#connection.isDown) return { ok: true, degraded, reasons };
    return { ok: true, degraded: true, reasons: [NO_CONNECTION, ...reasons] };
  }

  /** As of a guard: operations, and steps of walks, in one. */
  counts(): Readonly<Record<string, number>> {
    const steps: Readonly<Record<string, number>> = this.#walks.counts();
    return Object.fromEntries(
      Object.entries(this.#guard.counts()).map(([name, count]) => [name, count + (steps[name] ?? 0)]),
    );
  }

  /** Idempotent; never rejects. */
  close(): Promise<void> {
    this.#closing ??= this.#connection.close().then(() => {
      this.#guard.close();
      this.#walks.close();
    });
    return this.#closing;
  }
}
