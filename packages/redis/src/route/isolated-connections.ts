import type { BackendContext } from 'recollect';
import { type Access, Guard, type GuardOptions } from 'recollect/guard';
import { RedisConnection } from '../connection.js';
import { faultOf } from '../fault-of.js';
import { deadlineOf, type ServerEvents } from '../guarded-connection.js';
import type { RedisTarget } from '../redis-target.js';
import type { Wire } from '../wire.js';
import type { Work } from './route.js';
import { WatchingWire } from './watching-wire.js';

/** A connection lent for so many deadlines is stuck: whoever has it was told long ago that the time is up. */
const STUCK_DEADLINES = 2;
/** How long a connection that nobody needs stays open; one always does. */
const REST_MS = 30_000;

/** A connection, and since when it is lent. */
interface Member {
  readonly connection: RedisConnection;
  lentAt: number;
}

/**
 * Connections to one server, each lent to one user at a time, the one last given back first. They are opened as they are
 * needed, up to a limit, and open again after a loss by themselves. Who finds none free waits in line, within the deadline and
 * the limits of a guard. A connection is free again when the work on it has settled, not when its deadline has passed;
 * one whose work never settles is replaced.
 */
export class IsolatedConnections {
  readonly #open: () => RedisConnection;
  readonly #most: number;
  readonly #guard: Guard;
  readonly #context: BackendContext;
  readonly #deadlineMs: number;
  readonly #members: Member[] = [];
  readonly #free: Member[] = [];
  readonly #lent = new Set<Member>();
  readonly #waiting: ((member: Member) => void)[] = [];
  readonly #wires = new WeakMap<Wire, WatchingWire>();
  #wasReached = false;
  /** When the next look at those that are lent is due; `undefined` where none is. */
  #lookAt: number | undefined;
  #cancelRest: (() => void) | undefined;
  #closing: Promise<void> | undefined;

  /** @throws ConfigurationError for a limit that cannot be meant. */
  constructor(
    kind: string,
    target: RedisTarget,
    limits: GuardOptions,
    context: BackendContext,
    events: ServerEvents = {},
  ) {
    this.#open = () => new RedisConnection(kind, target, context, events);
    this.#most = target.isolatedConnections;
    this.#guard = new Guard(kind, limits, context, {
      faultOf: (error) => {
        events.failed?.(error);
        return faultOf(error);
      },
    });
    this.#context = context;
    this.#deadlineMs = deadlineOf(limits);
  }

  /**
   * Does the work on a connection that nobody else uses meanwhile, and on which nothing is watched afterwards. The wait for
   * the very first connection is no part of the deadline; while none can be had it rejects at once.
   */
  run<T>(access: Access, bytes: number, work: Work<T>): Promise<T> {
    if (this.#closing !== undefined) return Promise.reject(new Error('it is closed'));
    const { connection } = this.#members[0] ?? this.#add();
    const guarded = () => this.#guard.run(access, bytes, () => this.#lend(work));
    if (this.#wasReached) return this.#isDown() ? connection.run(work) : guarded();
    const reach = async () => {
      this.#wasReached = true;
    };
    return connection.run(reach).then(guarded);
  }

  /** Idempotent; never rejects. */
  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    this.#cancelRest?.();
    await Promise.all(this.#members.map(({ connection }) => connection.close()));
    this.#guard.close();
  }

  #isDown(): boolean {
    return this.#members.every(({ connection }) => connection.isDown);
  }

  #add(): Member {
    const member = { connection: this.#open(), lentAt: 0 };
    this.#members.push(member);
    this.#free.push(member);
    return member;
  }

  async #lend<T>(work: Work<T>): Promise<T> {
    const member = this.#take() ?? (await new Promise<Member>((resolve) => this.#waiting.push(resolve)));
    try {
      return await member.connection.run((wire) => this.#alone(member, wire, work));
    } finally {
      this.#giveBack(member);
    }
  }

  async #alone<T>(member: Member, wire: Wire, work: Work<T>): Promise<T> {
    let watching = this.#wires.get(wire);
    if (watching === undefined) {
      watching = new WatchingWire(wire);
      this.#wires.set(wire, watching);
    }
    try {
      return await work(watching);
    } finally {
      // Not waited for: whatever the next user sends is behind it.
      watching.unwatch()?.catch((error) => member.connection.replace(error));
    }
  }

  /** A free connection that is up or may come up; one that is down, and says why, where all are. */
  #take(): Member | undefined {
    let at = this.#free.findLastIndex(({ connection }) => !connection.isDown);
    if (at < 0) {
      if (this.#isDown()) at = 0;
      else if (this.#members.length < this.#most && this.#closing === undefined) {
        this.#add();
        at = this.#free.length - 1;
      }
    }
    const [member] = at < 0 ? [] : this.#free.splice(at, 1);
    if (member === undefined) return undefined;
    member.lentAt = this.#context.clock.now();
    this.#lent.add(member);
    if (this.#lookAt === undefined) this.#lookLater(member.lentAt);
    return member;
  }

  #giveBack(member: Member): void {
    this.#lent.delete(member);
    this.#free.push(member);
    while (this.#waiting.length > 0) {
      const next = this.#take();
      if (next === undefined) return;
      this.#waiting.shift()?.(next);
    }
    if (this.#members.length > 1 && this.#closing === undefined)
      this.#cancelRest ??= this.#context.clock.after(REST_MS, () => this.#rest());
  }

  /** Closes those that were not needed of late. */
  #rest(): void {
    this.#cancelRest = undefined;
    const rested = this.#context.clock.now() - REST_MS;
    for (const member of this.#free.filter(({ lentAt }) => lentAt <= rested)) {
      if (this.#members.length === 1) return;
      this.#members.splice(this.#members.indexOf(member), 1);
      this.#free.splice(this.#free.indexOf(member), 1);
      void member.connection.close();
    }
    if (this.#members.length > 1) this.#cancelRest = this.#context.clock.after(REST_MS, () => this.#rest());
  }

  #lookLater(now: number): void {
    this.#lookAt = now + this.#deadlineMs;
    this.#context.clock.after(this.#deadlineMs, () => this.#look());
  }

  /** One timer for all that are lent, which the guard cannot have: it hears of those that answer, not of which do not. */
  #look(): void {
    const now = this.#context.clock.now();
    // After a busy spell timers run before replies are read: then nothing can be told yet.
    const isLate = now - (this.#lookAt ?? now) > this.#deadlineMs;
    this.#lookAt = undefined;
    for (const { connection, lentAt } of isLate ? [] : this.#lent) {
      if (now - lentAt >= STUCK_DEADLINES * this.#deadlineMs)
        connection.replace(new Error('nothing on it was answered'));
    }
    if (this.#lent.size > 0) this.#lookLater(now);
  }
}
