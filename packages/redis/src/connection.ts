import type { BackendContext } from 'recollect';
import { BackendError } from 'recollect';
import { OutOfStepError } from './checked-reply.js';
import { Line } from './line.js';
import type { RedisTarget } from './redis-target.js';
import { tell } from './tell.js';
import type { Wire } from './wire.js';

const LONGEST_BACK_OFF_MS = 2_000;
const FIRST_BACK_OFF_MS = 50;
/** How many operations may wait for the first connection: each keeps in memory what it is about to send. */
const MOST_WAITING = 1_000;

/** What becomes of a connection, for whom it may concern. */
export interface ConnectionEvents {
  /** It is up, for the first time or again. */
  up?(): void;
  /** It is lost, or an attempt has failed, or is taking too long. */
  down?(): void;
}

/**
 * The connection of one cache to one server: opened by the first operation, opened again after a loss, for ever, until
 * `close`. While there is none, operations fail at once; only those that come during the very first attempt wait for its
 * outcome, for `patienceMs` at most.
 */
export class RedisConnection {
  readonly #kind: string;
  readonly #target: RedisTarget;
  readonly #context: BackendContext;
  readonly #events: ConnectionEvents;
  #line: Line | undefined;
  /** The outcome of the first attempt, or the end of patience with it. */
  #opened: Promise<void> = Promise.resolve();
  /** What operations reject with from the first failed attempt, or loss, until an attempt succeeds. */
  #outage: Error | undefined;
  #isOutageTold = false;
  #attempts = 0;
  #cancelRedial: () => void = () => undefined;
  #underWay = 0;
  #idle: () => void = () => undefined;
  #closing: Promise<void> | undefined;

  constructor(kind: string, target: RedisTarget, context: BackendContext, events: ConnectionEvents = {}) {
    this.#kind = kind;
    this.#target = target;
    this.#context = context;
    this.#events = events;
  }

  /** Whether the last that was heard is a failed attempt, or a loss. */
  get isDown(): boolean {
    return this.#outage !== undefined;
  }

  /** Does the work on the connection; rejects with what it rejects with, or with why there is no connection (any more). */
  async run<T>(work: (wire: Wire) => Promise<T>): Promise<T> {
    if (this.#closing !== undefined) throw new Error('it is closed');
    if (this.#outage !== undefined) throw this.#outage;
    const line = this.#line ?? this.#open();
    this.#underWay++;
    line.hold(true);
    try {
      if (!line.isUp) await this.#first();
      return await work(line.wire);
    } catch (error) {
      // Its replies go to the wrong callers, and would go on to.
      if (error instanceof OutOfStepError && line === this.#line) this.replace(error);
      throw line.loss ?? error;
    } finally {
      if (--this.#underWay === 0) this.#rest();
    }
  }

  /** Ends a connection that is up and of no use, with all that is under way on it, and dials again. */
  replace(cause: Error): void {
    // One that is still connecting has a limit of its own, which is longer.
    if (this.#closing !== undefined || this.#line?.isUp !== true) return;
    this.#line.hangUp(cause);
    this.#lost(cause);
  }

  /** Waits for what is under way, `closeTimeoutMs` at most, then ends the connection. Idempotent; never rejects. */
  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    this.#cancelRedial();
    if (this.#underWay > 0) {
      await new Promise<void>((resolve) => {
        const cancel = this.#context.clock.after(this.#target.closeTimeoutMs, resolve);
        this.#idle = () => {
          cancel();
          resolve();
        };
      });
    }
    this.#line?.hangUp(new Error('it was closed before the reply came'));
    this.#line = undefined;
  }

  async #first(): Promise<void> {
    if (this.#underWay > MOST_WAITING)
      throw new Error(`${MOST_WAITING} operations wait for a connection already`);
    await this.#opened;
  }

  #open(): Line {
    const line = this.#dial(true);
    const { connectTimeoutMs, patienceMs } = this.#target;
    const ms = patienceMs?.() ?? connectTimeoutMs;
    this.#opened = ms < connectTimeoutMs ? this.#untilImpatient(line, ms) : line.ready;
    // Whoever waits for it sees the rejection.
    this.#opened.catch(() => undefined);
    return line;
  }

  /** One timer for all that wait, so that a server which is slow to let us in costs nobody more than this. */
  #untilImpatient(line: Line, patienceMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const cancel = this.#context.clock.after(patienceMs, () => {
        this.#outage ??= new Error(`no connection within ${patienceMs} ms`);
        reject(this.#outage);
        this.#events.down?.();
      });
      line.ready.finally(cancel).then(resolve, reject);
    });
  }

  #rest(): void {
    this.#line?.hold(false);
    this.#idle();
  }

  #dial(isAwaited: boolean): Line {
    this.#attempts++;
    const line = new Line(this.#target, this.#context.clock, isAwaited, {
      up: () => {
        this.#outage = undefined;
        this.#isOutageTold = false;
        this.#attempts = 0;
        this.#events.up?.();
      },
      down: (cause) => this.#lost(cause),
    });
    this.#line = line;
    return line;
  }

  #lost(cause: Error): void {
    this.#line = undefined;
    // Made here and not per operation: under load the making of errors would be most of what an outage costs.
    this.#outage = new Error(`no connection: ${cause.message}`, { cause });
    if (this.#closing !== undefined) return;
    // Full jitter (Brooker, "Exponential Backoff And Jitter", AWS 2015): a fleet must not come back in step.
    const ceiling = Math.min(LONGEST_BACK_OFF_MS, FIRST_BACK_OFF_MS * 2 ** this.#attempts);
    this.#cancelRedial = this.#context.clock.after(Math.random() * ceiling, () => void this.#dial(false));
    this.#events.down?.();
    // Once per outage: an attempt that fails after the first is no news.
    if (this.#isOutageTold) return;
    this.#isOutageTold = true;
    tell(this.#context, { operation: 'background', error: new BackendError(this.#kind, 'connect', cause) });
  }
}
