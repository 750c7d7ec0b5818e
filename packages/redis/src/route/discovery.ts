import { type BackendContext, BackendError } from 'recollect';
import { tell } from '../tell.js';

/** What a discovery asks, and whom it tells. */
export interface Discoverer<Found> {
  /**
   * Asks who has what.
   *
   * @param signal Ends it.
   * @param isAwaited Whether somebody waits, so that it keeps the process alive.
   */
  ask(signal: AbortSignal, isAwaited: boolean): Promise<Found>;
  /** Takes in the answer. */
  found(answer: Found): void;
  /** Whether a server is in trouble, so that another may soon have what it had. */
  isTroubled(): boolean;
}

/** How many operations may wait for the first answer: each keeps in memory what it is about to send. */
const MOST_WAITING = 10_000;
/** Upper ends of delays, each of which is drawn from 0 on. */
const SOON_MS = 50;
const AGAIN_MS = 500;
const LONGEST_MS = 2_000;
/** So many questions in a row that end no trouble, and it is taken for lasting. */
const LASTING = 40;

/**
 * Knows where things are: asks when the first operation comes, and again when somebody doubts the answer, in the
 * background. While a server is in trouble it goes on asking, since whoever takes its place is known to the others before
 * anyone tells us. All delays have full jitter (Brooker, "Exponential Backoff And Jitter", AWS 2015), as a fleet doubts at
 * the same moment; there is one question at a time, and about four in a second at most.
 */
export class Discovery<Found> {
  readonly #kind: string;
  readonly #context: BackendContext;
  readonly #timeoutMs: number;
  readonly #hooks: Discoverer<Found>;
  #asking: Promise<void> | undefined;
  #cancelNext: (() => void) | undefined;
  #isKnown = false;
  /** Why the last question had no answer. */
  #outage: Error | undefined;
  #inRow = 0;
  #endedAt = Number.NEGATIVE_INFINITY;
  #waiting = 0;
  #end: AbortController | undefined;
  #isClosed = false;

  constructor(kind: string, context: BackendContext, timeoutMs: number, hooks: Discoverer<Found>) {
    this.#kind = kind;
    this.#context = context;
    this.#timeoutMs = timeoutMs;
    this.#hooks = hooks;
  }

  /** Whether the last question had no answer. */
  get isLost(): boolean {
    return this.#outage !== undefined;
  }

  /** Resolves when there has been an answer; after a failure it rejects at once until there is one. */
  async first(): Promise<void> {
    if (this.#isKnown) return;
    if (this.#outage !== undefined) throw this.#outage;
    if (this.#waiting >= MOST_WAITING)
      throw new Error(`${MOST_WAITING} operations wait for a connection already`);
    this.#waiting++;
    try {
      await this.now();
    } finally {
      this.#waiting--;
    }
  }

  /** Asks now; rejects when there is no answer. */
  async now(): Promise<void> {
    if (this.#isClosed) throw new Error('it is closed');
    await (this.#asking ?? this.#ask(true));
    if (this.#isClosed) throw new Error('it is closed');
    if (this.#outage !== undefined) throw this.#outage;
  }

  /** When the last question came to an end. */
  get endedAt(): number {
    return this.#endedAt;
  }

  /** The answer is in doubt: asks again, soon, in the background. */
  again(): void {
    if (this.#isClosed || this.#asking !== undefined || this.#cancelNext !== undefined) return;
    this.#cancelNext = this.#context.clock.after(Math.random() * this.#ceiling(), () => {
      this.#cancelNext = undefined;
      void this.#ask(false);
    });
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelNext?.();
    this.#end?.abort();
  }

  #ceiling(): number {
    if (this.#outage !== undefined) return Math.min(LONGEST_MS, SOON_MS * 2 ** this.#inRow);
    const isCalm = this.#inRow === 0 && this.#context.clock.now() - this.#endedAt > LONGEST_MS;
    if (isCalm) return SOON_MS;
    return this.#inRow < LASTING ? AGAIN_MS : LONGEST_MS;
  }

  /** Never rejects. */
  #ask(isAwaited: boolean): Promise<void> {
    this.#cancelNext?.();
    this.#cancelNext = undefined;
    const end = new AbortController();
    this.#end = end;
    const asking = this.#outcome(end, isAwaited).finally(() => {
      // Those who have not answered would keep their connections.
      end.abort();
      this.#asking = undefined;
      this.#endedAt = this.#context.clock.now();
      if (this.#outage === undefined && !this.#hooks.isTroubled()) {
        this.#inRow = 0;
        return;
      }
      this.#inRow++;
      this.again();
    });
    this.#asking = asking;
    return asking;
  }

  async #outcome(end: AbortController, isAwaited: boolean): Promise<void> {
    const late = new Error(`no answer within ${this.#timeoutMs} ms`);
    const ended = new Promise<never>((_, reject) => {
      end.signal.addEventListener('abort', () => reject(late));
    });
    const cancel = this.#context.clock.after(this.#timeoutMs, () => end.abort());
    try {
      const answer = await Promise.race([this.#hooks.ask(end.signal, isAwaited), ended]);
      if (this.#isClosed) return;
      this.#isKnown = true;
      this.#outage = undefined;
      this.#hooks.found(answer);
    } catch (error) {
      if (!this.#isClosed) this.#lost(error as Error);
    } finally {
      cancel();
    }
  }

  #lost(cause: Error): void {
    const isNews = this.#outage === undefined;
    this.#outage = new Error(`nobody says where to connect: ${cause.message}`, { cause });
    if (isNews)
      tell(this.#context, { operation: 'background', error: new BackendError(this.#kind, 'connect', cause) });
  }
}
