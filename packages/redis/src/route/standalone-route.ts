import type { BackendContext, BackendHealth } from 'recollect';
import type { Access, GuardOptions } from 'recollect/guard';
import type { RedisTarget } from '../redis-target.js';
import { healthOf } from './health-of.js';
import type { Route, Walk, Work } from './route.js';
import { Server } from './server.js';

/** One server has all keys. */
export class StandaloneRoute implements Route {
  readonly #server: Server;
  readonly #target: RedisTarget;

  /** @throws ConfigurationError for a limit that cannot be meant. */
  constructor(kind: string, target: RedisTarget, limits: GuardOptions, context: BackendContext) {
    this.#target = target;
    this.#server = new Server({ kind, limits, context, told: new Set() }, target);
  }

  run<T>(keys: string | readonly string[], access: Access, bytes: number, work: Work<T>): Promise<T> {
    return this.#server.run(keys, access, bytes, work);
  }

  alone<T>(_keys: string | readonly string[], access: Access, bytes: number, work: Work<T>): Promise<T> {
    return this.#server.alone(access, bytes, work);
  }

  together(keys: readonly (string | Buffer)[]): readonly (readonly number[])[] {
    return [keys.map((_, at) => at)];
  }

  async walks(): Promise<readonly Walk[]> {
    return [this.#server];
  }

  subscribeAt(): RedisTarget {
    return this.#target;
  }

  health(): BackendHealth {
    return healthOf(this.#server.ailments);
  }

  close(): Promise<void> {
    return this.#server.close();
  }
}
