import { type BackendContext, BackendError } from 'recollect';
import { Line } from '../line.js';
import type { RedisTarget } from '../redis-target.js';
import { repliedWith } from '../replied-with.js';
import { tell } from '../tell.js';

const FIRST_BACK_OFF_MS = 50;
const LONGEST_BACK_OFF_MS = 2_000;

/** Of its own, so that the same function may listen twice and be ended once. */
interface Ear {
  readonly hear: () => void;
}

/**
 * Hears of messages, on one connection for all channels. It is opened by the first who listens and opened again after a loss as
 * long as anybody does; then, as after every subscription, all are told, since something may have been missed. Where this
 * user may not subscribe nobody hears anything, and that is reported once.
 */
export class Subscriptions {
  readonly #ears = new Map<string, Set<Ear>>();
  #line: Line | undefined;
  #failures = 0;
  #cancelRedial: (() => void) | undefined;
  #isOver = false;

  /** @param target Where to connect to; asked for each attempt. */
  constructor(
    private readonly kind: () => string,
    private readonly target: () => RedisTarget,
    private readonly context: BackendContext,
  ) {}

  listen(channel: string, hear: () => void): () => void {
    if (this.#isOver) return () => undefined;
    const ear: Ear = { hear };
    const ears = this.#ears.get(channel);
    if (ears === undefined) {
      this.#ears.set(channel, new Set([ear]));
      this.#opened(channel);
    } else ears.add(ear);
    return () => this.#leave(channel, ear);
  }

  close(): void {
    this.#isOver = true;
    this.#ears.clear();
    this.#cancelRedial?.();
    this.#line?.hangUp(new Error('it is closed'));
    this.#line = undefined;
  }

  #opened(channel: string): void {
    if (this.#line === undefined) {
      if (this.#cancelRedial === undefined) this.#dial();
      return;
    }
    this.#line.hold(true);
    if (this.#line.isUp) this.#subscribe(this.#line, [channel]);
  }

  #leave(channel: string, ear: Ear): void {
    const ears = this.#ears.get(channel);
    if (ears?.delete(ear) !== true || ears.size > 0) return;
    this.#ears.delete(channel);
    if (this.#line?.isUp === true) this.#line.wire.unsubscribe(channel, this.#hear).catch(() => undefined);
    if (this.#ears.size === 0) this.#line?.hold(false);
  }

  #dial(): void {
    this.#cancelRedial = undefined;
    const line = new Line(this.target(), this.context.clock, true, {
      up: () => {
        this.#failures = 0;
        line.hold(this.#ears.size > 0);
        if (this.#ears.size > 0) this.#subscribe(line, [...this.#ears.keys()]);
      },
      down: (cause) => this.#lost(cause),
    });
    this.#line = line;
  }

  #subscribe(line: Line, channels: string[]): void {
    line.wire.subscribe(channels, this.#hear).then(
      () => {
        for (const channel of channels) this.#tellAll(channel);
      },
      (error: unknown) => {
        // Otherwise the line is lost, which it says itself.
        if (repliedWith(error, '')) this.#refused(error);
      },
    );
  }

  readonly #hear = (_message: string, channel: string): void => this.#tellAll(channel);

  #tellAll(channel: string): void {
    for (const { hear } of [...(this.#ears.get(channel) ?? [])]) {
      try {
        hear();
      } catch {
        // Whoever listens must not keep the others from hearing.
      }
    }
  }

  #lost(cause: Error): void {
    this.#line = undefined;
    if (this.#failures++ === 0) this.#tell(cause);
    // Nobody to tell anything: the next who listens dials.
    if (this.#ears.size === 0) return;
    // Full jitter, as for any other connection.
    const ceiling = Math.min(LONGEST_BACK_OFF_MS, FIRST_BACK_OFF_MS * 2 ** this.#failures);
    this.#cancelRedial = this.context.clock.after(Math.random() * ceiling, () => this.#dial());
  }

  #refused(error: unknown): void {
    this.close();
    this.#tell(error);
  }

  #tell(error: unknown): void {
    const failure = new BackendError(this.kind(), 'listen for what becomes of leases', error);
    tell(this.context, { operation: 'background', error: failure });
  }
}
