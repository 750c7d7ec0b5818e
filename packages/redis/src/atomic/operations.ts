import { ErrorReply } from '@redis/client';
import { type BackendContext, BackendError } from 'recollect';
import { repliedWith } from '../replied-with.js';
import type { Route, Work } from '../route/route.js';
import { tell } from '../tell.js';
import type { Wire } from '../wire.js';
import type { AtomicSettings } from './atomic-options.js';
import { ForeignNoteError } from './claim-text.js';
import { ContentionError } from './contention-error.js';
import { LuaMechanism } from './lua-mechanism.js';
import type { Call, Mechanism } from './mechanism.js';
import { News } from './news.js';
import type { Operation } from './operation.js';
import { WatchMechanism } from './watch-mechanism.js';

/** So many deadlines an operation may take, when its reply was lost. */
const MOST_DEADLINES = 2;
const LONGEST_PAUSE_MS = 16;

/** What an operation failed with, where that says nothing of the server: no breaker is to open for it. */
class Failed {
  constructor(readonly error: unknown) {}
}

/** Does operations: by scripts or without, and again where a reply was lost. */
export class Operations {
  #mechanism: Mechanism;
  /** Instead of scripts, once they were refused. */
  readonly #spare: Mechanism | undefined;
  #isClosed = false;

  constructor(
    private readonly kind: () => string,
    private readonly route: Route,
    mechanism: AtomicSettings['mechanism'],
    private readonly deadlineMs: number,
    private readonly context: BackendContext,
  ) {
    const news = new News(kind, context);
    const watch = new WatchMechanism(news, context.clock);
    this.#mechanism = mechanism === 'watch' ? watch : new LuaMechanism(news);
    this.#spare = mechanism === 'auto' ? watch : undefined;
  }

  async do<T>(operation: Operation<T>): Promise<T> {
    const mechanism = this.#mechanism;
    try {
      return await this.#surely(mechanism, operation);
    } catch (error) {
      const spare = this.#spare;
      if (spare === undefined || spare === mechanism || !isRefusal(error)) throw error;
      const outcome = await this.#surely(spare, operation);
      this.#leaveScripts(spare, error);
      return outcome;
    }
  }

  /** A question to the server that has the key, on such a connection as operations use. */
  ask<T>(key: string, question: Work<T>): Promise<T> {
    return this.#mechanism.isolated
      ? this.route.alone(key, 'read', 0, question)
      : this.route.run(key, 'read', 0, question);
  }

  /** What is under way comes to an end, but is not asked for again. */
  close(): void {
    this.#isClosed = true;
  }

  async #surely<T>(mechanism: Mechanism, operation: Operation<T>): Promise<T> {
    const since = this.context.clock.now();
    const call: Call = { isSent: false, isOver: false };
    try {
      return await this.#once(mechanism, operation, call);
    } catch (error) {
      call.isOver = true;
      if (!call.isSent || error instanceof ErrorReply || isOwnAffair(error)) throw error;
      return this.#askAgain(mechanism, operation, since + MOST_DEADLINES * this.deadlineMs, error);
    }
  }

  /** On another connection, until there is an answer or the time is up: then with what was wrong first. */
  async #askAgain<T>(
    mechanism: Mechanism,
    operation: Operation<T>,
    until: number,
    lost: unknown,
  ): Promise<T> {
    const { clock } = this.context;
    for (let left = until - clock.now(); left > 0 && !this.#isClosed; left = until - clock.now()) {
      const call: Call = { isSent: false, isOver: false };
      let cancel = (): void => undefined;
      const late = new Promise<never>((_, reject) => {
        cancel = clock.after(left, () => reject(lost));
      });
      try {
        return await Promise.race([this.#once(mechanism, operation, call, true), late]);
      } catch (error) {
        call.isOver = true;
        if (error instanceof ErrorReply) throw error;
      } finally {
        cancel();
      }
      const pauseMs = Math.random() * LONGEST_PAUSE_MS;
      if (clock.now() + pauseMs >= until) break;
      await new Promise<void>((resolve) => void clock.after(pauseMs, resolve));
    }
    throw lost;
  }

  async #once<T>(mechanism: Mechanism, operation: Operation<T>, call: Call, isAgain = false): Promise<T> {
    const { keys, access, bytes } = operation;
    const work = async (wire: Wire): Promise<T | Failed> => {
      if (call.isOver) throw new Error('nobody waits for it any more');
      call.isSent = true;
      try {
        if (isAgain && operation.again !== undefined) return await operation.again(mechanism, wire, call);
        return await operation.run(mechanism, wire, call);
      } catch (error) {
        if (isOwnAffair(error)) return new Failed(error);
        throw error;
      }
    };
    const outcome =
      isAgain || mechanism.isolated
        ? await this.route.alone(keys, access, bytes, work)
        : await this.route.run(keys, access, bytes, work);
    if (outcome instanceof Failed) throw outcome.error;
    return outcome;
  }

  #leaveScripts(spare: Mechanism, error: unknown): void {
    if (this.#mechanism === spare) return;
    this.#mechanism = spare;
    const failure = new BackendError(this.kind(), 'run scripts, and uses WATCH instead', error);
    tell(this.context, { operation: 'background', error: failure });
  }
}

/** Whether it concerns this operation, or what this user may do, and not how the server fares. */
function isOwnAffair(error: unknown): boolean {
  return error instanceof ContentionError || error instanceof ForeignNoteError || isRefusal(error);
}

function isRefusal(error: unknown): boolean {
  return repliedWith(error, 'NOPERM', 'ERR unknown command');
}
