import type { BackendContext } from 'recollect';
import { type Access, Guard, type GuardOptions } from 'recollect/guard';
import { RedisConnection } from '../connection.js';
import { faultOf } from '../fault-of.js';
import type { RedisTarget } from '../redis-target.js';
import type { Work } from './route.js';

/** Connections to one server, each lent to one user at a time. */
export class IsolatedConnections {
  readonly #connection: RedisConnection;
  readonly #guard: Guard;
  #last: Promise<unknown> = Promise.resolve();

  constructor(kind: string, target: RedisTarget, limits: GuardOptions, context: BackendContext) {
    this.#connection = new RedisConnection(kind, target, context);
    this.#guard = new Guard(kind, limits, context, {
      faultOf,
      stalled: () => this.#connection.replace(new Error('nothing on it was answered')),
    });
  }

  run<T>(access: Access, bytes: number, work: Work<T>): Promise<T> {
    return this.#guard.run(access, bytes, () => {
      const mine = this.#last.then(() => this.#connection.run(work));
      this.#last = mine.catch(() => undefined);
      return mine;
    });
  }

  async close(): Promise<void> {
    await this.#connection.close();
    this.#guard.close();
  }
}
