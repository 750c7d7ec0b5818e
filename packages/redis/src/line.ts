import { RedisClient } from '@redis/client';
import type { Clock } from 'recollect';
import { clientOptions } from './client-options.js';
import type { RedisTarget } from './redis-target.js';
import type { Channels, Wire } from './wire.js';

/** What becomes of a line: it comes up at most once, goes down at most once, and says neither after `hangUp`. */
interface LineEvents {
  up(): void;
  down(cause: Error): void;
}

// Made once and late: building the class with its hundreds of commands takes longer than connecting.
const clientFactory = () => RedisClient.factory();
let makeClient: ReturnType<typeof clientFactory> | undefined;

/**
 * One connection, from its first attempt to its end; it never comes back. A client of node-redis would, but its
 * back-off timers keep the process alive and cannot be cancelled, with a wrong password its `connect()` never settles,
 * and after a malformed reply it goes on, handing every later reply to the wrong caller.
 */
export class Line {
  readonly wire: Wire & Channels;
  /** Settles when the attempt has succeeded or failed, after `connectTimeoutMs` at the latest. */
  readonly ready: Promise<void>;
  readonly #client: ReturnType<ReturnType<typeof clientFactory>>;
  readonly #connecting = new AbortController();
  #reject: (cause: Error) => void = () => undefined;
  #loss: Error | undefined;
  #isUp = false;
  #isHeld: boolean;

  /**
   * @param isHeld See `hold`. To be known from the start: a client passes it on to a socket before that begins to
   *   connect and after it has connected, and a TLS handshake in between does not keep a process alive by itself.
   */
  constructor(target: RedisTarget, clock: Clock, isHeld: boolean, events: LineEvents) {
    this.#isHeld = isHeld;
    makeClient ??= clientFactory();
    this.#client = makeClient(clientOptions(target, this.#connecting.signal));
    this.wire = this.#client;
    const fail = (error: unknown) => {
      if (this.#loss !== undefined) return;
      const cause = withMessage(error);
      this.hangUp(cause);
      events.down(cause);
    };
    this.#client.on('error', fail);
    this.#refOrUnref();
    this.ready = new Promise((resolve, reject) => {
      const late = new Error(`no connection within ${target.connectTimeoutMs} ms`);
      const cancel = clock.after(target.connectTimeoutMs, () => fail(late));
      this.#reject = (cause) => {
        cancel();
        reject(cause);
      };
      const { inspect } = target;
      const connected = this.#client.connect();
      (inspect === undefined ? connected : connected.then(() => inspect(this.wire))).then(() => {
        if (this.#loss !== undefined) return;
        cancel();
        this.#isUp = true;
        events.up();
        resolve();
      }, fail);
    });
    // Whoever waits for it sees the rejection; an attempt in the background has nobody waiting.
    this.ready.catch(() => undefined);
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  /** Why the line is no longer usable; tells more than what the commands under way on it reject with. */
  get loss(): Error | undefined {
    return this.#loss;
  }

  /** Whether the line keeps the process alive: only while somebody waits for a reply. */
  hold(isHeld: boolean): void {
    if (isHeld === this.#isHeld) return;
    this.#isHeld = isHeld;
    this.#refOrUnref();
  }

  /** Ends the line at once; what is under way on it rejects. */
  hangUp(reason: Error): void {
    if (this.#loss !== undefined) return;
    this.#loss = reason;
    this.#isUp = false;
    this.#client.destroy();
    // A socket that is still connecting is not the client's to destroy yet; only its signal reaches it.
    this.#connecting.abort();
    this.#reject(reason);
  }

  #refOrUnref(): void {
    if (this.#isHeld) this.#client.ref();
    else this.#client.unref();
  }
}

/** Some failures of node and node-redis have an empty message; their code or name says more than nothing. */
function withMessage(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  if (error.message !== '') return error;
  const code = 'code' in error ? String(error.code) : error.constructor.name;
  return new Error(code, { cause: error });
}
