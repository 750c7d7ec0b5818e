import type { BackendContext } from 'recollect';
import { Line } from '../line.js';
import type { RedisTarget } from '../redis-target.js';
import type { Work } from './route.js';

/** How long a connection stays after the last question. While something is wrong questions come more often. */
const REST_MS = 5_000;

/**
 * A server that is asked where others are, on a connection for this alone: neither waits behind data, nor is held up by
 * breakers.
 */
export class Informant {
  readonly #target: RedisTarget;
  readonly #context: BackendContext;
  #line: Line | undefined;
  #cancelRest: () => void = () => undefined;

  constructor(target: RedisTarget, context: BackendContext) {
    this.#target = target;
    this.#context = context;
  }

  /**
   * Asks, over a connection that is opened where there is none.
   *
   * @param signal Ends the question and the connection with it, as it has not answered.
   * @param isAwaited Whether the question keeps the process alive.
   */
  async ask<T>(question: Work<T>, signal: AbortSignal, isAwaited: boolean): Promise<T> {
    if (signal.aborted) throw new Error('it was not asked in time');
    this.#cancelRest();
    const line = this.#line ?? this.#dial(isAwaited);
    line.hold(isAwaited);
    const giveUp = () => this.#drop(line, 'it was asked in vain');
    signal.addEventListener('abort', giveUp, { once: true });
    try {
      await line.ready;
      return await question(line.wire);
    } catch (error) {
      throw line.loss ?? error;
    } finally {
      signal.removeEventListener('abort', giveUp);
      line.hold(false);
      this.#cancelRest = this.#context.clock.after(REST_MS, () => this.close());
    }
  }

  /** Idempotent. */
  close(): void {
    this.#cancelRest();
    if (this.#line !== undefined) this.#drop(this.#line, 'it is closed');
  }

  #dial(isAwaited: boolean): Line {
    const forget = () => {
      if (this.#line === line) this.#line = undefined;
    };
    const line = new Line(this.#target, this.#context.clock, isAwaited, {
      up: () => undefined,
      down: forget,
    });
    this.#line = line;
    return line;
  }

  #drop(line: Line, why: string): void {
    if (this.#line === line) this.#line = undefined;
    line.hangUp(new Error(why));
  }
}
