import type { Wire } from '../wire.js';

/** Knows whether something is watched on a connection that is lent, so that it can be undone. */
export class WatchingWire implements Wire {
  #isWatching = false;

  constructor(private readonly wire: Wire) {}

  sendCommand(args: readonly (string | Buffer)[]): Promise<unknown> {
    const [name] = args;
    const reply = this.wire.sendCommand(args);
    if (name === 'WATCH' && !this.#isWatching) {
      this.#isWatching = true;
      // Who may not watch may not undo it either, and has nothing to undo.
      reply.catch(() => {
        this.#isWatching = false;
      });
    }
    // Whatever these two answer, they end every WATCH.
    if (name === 'EXEC' || name === 'DISCARD') this.#isWatching = false;
    return reply;
  }

  /** Undoes every WATCH; `undefined` where there is none. */
  unwatch(): Promise<unknown> | undefined {
    if (!this.#isWatching) return undefined;
    this.#isWatching = false;
    return this.wire.sendCommand(['UNWATCH']);
  }
}
