import type { BackendContext, BackendHealth } from 'recollect';
import type { Access, GuardOptions } from 'recollect/guard';
import { GuardedConnection } from '../guarded-connection.js';
import type { RedisTarget } from '../redis-target.js';
import { IsolatedConnections } from './isolated-connections.js';
import type { Route, Walk, Work } from './route.js';

/** One server has all keys. */
export class StandaloneRoute implements Route {
  readonly #connection: GuardedConnection;
  readonly #isolated: IsolatedConnections;

  /** @throws ConfigurationError for a limit that cannot be meant. */
  constructor(kind: string, target: RedisTarget, limits: GuardOptions, context: BackendContext) {
    this.#connection = new GuardedConnection(kind, target, limits, context);
    this.#isolated = new IsolatedConnections(kind, target, limits, context);
  }

  run<T>(_key: string, access: Access, bytes: number, work: Work<T>): Promise<T> {
    return this.#connection.run(access, bytes, work);
  }

  alone<T>(_key: string, access: Access, bytes: number, work: Work<T>): Promise<T> {
    return this.#isolated.run(access, bytes, work);
  }

  together(keys: readonly string[]): readonly (readonly number[])[] {
    return [keys.map((_, at) => at)];
  }

  async walks(): Promise<readonly Walk[]> {
    return [this.#connection];
  }

  health(): BackendHealth {
    return this.#connection.health();
  }

  async close(): Promise<void> {
    await Promise.all([this.#connection.close(), this.#isolated.close()]);
  }
}
