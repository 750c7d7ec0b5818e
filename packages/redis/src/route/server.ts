import { type BackendContext, BackendError } from 'recollect';
import type { Access, GuardOptions } from 'recollect/guard';
import { GuardedConnection, type ServerEvents } from '../guarded-connection.js';
import { probe } from '../probe.js';
import type { RedisTarget } from '../redis-target.js';
import { tell } from '../tell.js';
import { Informant } from './informant.js';
import { IsolatedConnections } from './isolated-connections.js';
import { LargeWrites } from './large-writes.js';
import type { Walk, Work } from './route.js';

/** What the servers of one route have in common. */
export interface Fleet {
  readonly kind: string;
  readonly limits: GuardOptions;
  readonly context: BackendContext;
  /** What has been told of what the account may not do, so that each server of several does not tell it again. */
  readonly told: Set<string>;
}

/** From when on a connection is probed, and by how much later at most: a fleet that comes back must not probe in step. */
const PROBE_AFTER_MS = 3_000;
const PROBE_SPREAD_MS = 3_000;

/** One server, with all connections to it: each is opened when it is first needed, and has limits and breakers of its own. */
export class Server implements Walk {
  readonly #fleet: Fleet;
  readonly #kind: string;
  readonly #target: RedisTarget;
  readonly #events: ServerEvents;
  readonly #small: GuardedConnection;
  readonly #large: LargeWrites;
  #isolated: IsolatedConnections | undefined;
  /** Keys of some operation, for the probe. */
  #sample: string | readonly string[] | undefined;
  #losses: readonly string[] = [];
  #cancelProbe: () => void = () => undefined;
  #closing: Promise<unknown> | undefined;

  /**
   * @param name Where there are several: what is said about this one names it.
   * @throws ConfigurationError for a limit that cannot be meant.
   */
  constructor(fleet: Fleet, target: RedisTarget, name?: string, events: ServerEvents = {}) {
    this.#fleet = fleet;
    this.#kind = name === undefined ? fleet.kind : `${fleet.kind} at ${name}`;
    this.#target = target;
    this.#events = events;
    const { limits, context } = fleet;
    this.#small = new GuardedConnection(this.#kind, target, limits, context, {
      ...events,
      up: () => this.#up(),
      down: () => this.#down(),
    });
    this.#large = new LargeWrites(this.#kind, target, limits, context, events);
  }

  /** Whether there is no connection, although one was tried. */
  get isDown(): boolean {
    return this.#small.isDown;
  }

  /** See `Route.run`. */
  run<T>(keys: string | readonly string[], access: Access, bytes: number, work: Work<T>): Promise<T> {
    this.#sample = keys;
    if (this.#large.takes(keys, access, bytes)) return this.#large.run(keys, access, bytes, work);
    return this.#small.run(access, bytes, work);
  }

  /** See `Route.alone`. */
  alone<T>(access: Access, bytes: number, work: Work<T>): Promise<T> {
    if (this.#closing !== undefined) return Promise.reject(new Error('it is closed'));
    const { limits, context } = this.#fleet;
    this.#isolated ??= new IsolatedConnections(this.#kind, this.#target, limits, context, this.#events);
    return this.#isolated.run(access, bytes, work);
  }

  step<T>(work: Work<T>): Promise<T> {
    return this.#small.step(work);
  }

  /** What is wrong, in words. Empty when nothing is. */
  get ailments(): readonly string[] {
    const reasons = [...this.#small.health().reasons, ...this.#large.ailments];
    const isNamed = this.#kind !== this.#fleet.kind;
    const named = reasons.map((reason) =>
      isNamed && !reason.startsWith(this.#kind) ? `${this.#kind}: ${reason}` : reason,
    );
    return [...named, ...this.#losses];
  }

  /** Idempotent; never rejects. */
  async close(): Promise<void> {
    this.#cancelProbe();
    this.#closing ??= Promise.all([this.#small.close(), this.#large.close(), this.#isolated?.close()]);
    await this.#closing;
  }

  #up(): void {
    const { clock } = this.#fleet.context;
    this.#cancelProbe = clock.after(
      PROBE_AFTER_MS + Math.random() * PROBE_SPREAD_MS,
      () => void this.#probe(),
    );
    this.#events.up?.();
  }

  #down(): void {
    this.#cancelProbe();
    this.#events.down?.();
  }

  /** Once per connection. Never rejects: a probe that fails says nothing that operations do not say. */
  async #probe(): Promise<void> {
    const key = typeof this.#sample === 'object' ? this.#sample[0] : this.#sample;
    if (key === undefined) return;
    const { context } = this.#fleet;
    const informant = new Informant(this.#target, context);
    const end = new AbortController();
    const cancel = context.clock.after(this.#target.connectTimeoutMs, () => end.abort());
    this.#cancelProbe = () => end.abort();
    try {
      this.#losses = await informant.ask((wire) => probe(wire, key), end.signal, false);
    } catch {
      return;
    } finally {
      cancel();
      informant.close();
    }
    this.#tellLosses();
  }

  #tellLosses(): void {
    const { kind, told, context } = this.#fleet;
    const news = this.#losses.filter((loss) => !told.has(loss));
    for (const loss of news) told.add(loss);
    if (news.length === 0) return;
    const error = new BackendError(kind, 'probe', new Error(news.join('; ')));
    tell(context, { operation: 'background', error });
  }
}
