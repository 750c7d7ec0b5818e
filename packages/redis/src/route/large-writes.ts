import type { BackendContext } from 'recollect';
import type { Access, GuardOptions } from 'recollect/guard';
import { GuardedConnection, NO_CONNECTION, type ServerEvents } from '../guarded-connection.js';
import type { RedisTarget } from '../redis-target.js';
import type { Work } from './route.js';

/** More than these take long enough on the way for small commands behind them to notice. */
export const LARGE_BYTES = 256 * 1024;

/**
 * A second connection for large writes, opened by the first of them, so that small commands do not wait behind them.
 *
 * Commands on one key keep their order all the same: while a large write of a key is under way, all else that names the key
 * goes the same way, behind it. Under way means until the server has answered, and not until the caller has stopped
 * waiting: a write that comes in after its deadline must not undo the deletion that came after it. The other way round,
 * small before large, nothing is needed from here: whoever writes a key waits for the write before (the engine
 * orders its writes and deletions by key, and what a load fills in is compared with what is there).
 */
export class LargeWrites {
  readonly #open: () => GuardedConnection;
  #connection: GuardedConnection | undefined;
  /** How many large writes of a key are under way. */
  readonly #underWay = new Map<string, number>();

  constructor(
    kind: string,
    target: RedisTarget,
    limits: GuardOptions,
    context: BackendContext,
    { failed }: ServerEvents,
  ) {
    const quiet: BackendContext = {
      clock: context.clock,
      // That its server cannot be reached is told by the connection beside this one.
      report: (failure) => {
        if (!isAboutConnecting(failure.error)) context.report(failure);
      },
    };
    this.#open = () =>
      new GuardedConnection(`${kind}, large writes`, target, limits, quiet, { ...(failed && { failed }) });
  }

  /** Whether the work is to go this way. */
  takes(keys: string | readonly string[], access: Access, bytes: number): boolean {
    if (bytes > LARGE_BYTES && access === 'write') return true;
    if (this.#underWay.size === 0) return false;
    return typeof keys === 'string' ? this.#underWay.has(keys) : keys.some((key) => this.#underWay.has(key));
  }

  run<T>(keys: string | readonly string[], access: Access, bytes: number, work: Work<T>): Promise<T> {
    this.#connection ??= this.#open();
    if (bytes <= LARGE_BYTES) return this.#connection.run(access, bytes, work);
    const names = typeof keys === 'string' ? [keys] : keys;
    for (const key of names) this.#underWay.set(key, (this.#underWay.get(key) ?? 0) + 1);
    let isSent = false;
    const over = (): void => {
      for (const key of names) this.#leave(key);
    };
    const outcome = this.#connection.run(access, bytes, (wire) => {
      const done = work(wire);
      isSent = true;
      done.then(over, over);
      return done;
    });
    // Where it was turned away nothing is under way.
    outcome.catch(() => {
      if (!isSent) over();
    });
    return outcome;
  }

  /** What is wrong, in words. */
  get ailments(): readonly string[] {
    return this.#connection?.health().reasons.map(nameIn) ?? [];
  }

  async close(): Promise<void> {
    await this.#connection?.close();
  }

  #leave(key: string): void {
    const left = (this.#underWay.get(key) ?? 1) - 1;
    if (left === 0) this.#underWay.delete(key);
    else this.#underWay.set(key, left);
  }
}

/** The guard names what it speaks of; the connection does not. */
function nameIn(reason: string): string {
  return reason === NO_CONNECTION ? `${reason} for large writes` : reason;
}

function isAboutConnecting(error: unknown): boolean {
  return error instanceof Error && 'operation' in error && error.operation === 'connect';
}
