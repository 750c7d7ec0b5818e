import type { BackendContext, BackendHealth } from 'recollect';
import type { Access, GuardOptions } from 'recollect/guard';
import { type Address, addressIn, nameOf } from '../address.js';
import { OutOfStepError } from '../checked-reply.js';
import { deadlineOf } from '../guarded-connection.js';
import type { Places } from '../places.js';
import { type RedisTarget, targetAt } from '../redis-target.js';
import { repliedWith } from '../replied-with.js';
import type { Wire } from '../wire.js';
import { Discovery } from './discovery.js';
import { firstAnswer } from './first-answer.js';
import { healthOf } from './health-of.js';
import { Informant } from './informant.js';
import type { Route, Walk, Work } from './route.js';
import { type Fleet, Server } from './server.js';

/** How long a sentinel is waited for before the next one is asked as well. */
const PATIENCE_MS = 200;
/** How old an answer may be while the master is in use. */
const TRUSTED_MS = 1_000;
/** How long a READONLY is held against the master: the sentinels may learn of it later than we. */
const DOUBT_MS = 5_000;

/** The places of a master that is watched by sentinels. */
export interface WatchedPlaces extends Places {
  readonly sentinel: NonNullable<Places['sentinel']>;
}

/**
 * The master that sentinels name has all keys. They are asked when the first operation comes; once a second while there
 * are operations, since an old master goes on taking writes, which are lost, until a sentinel has told it that there is a
 * new one (which may be ten seconds later); and about four times a second while the master cannot be reached or says that
 * it is none. Until they name another, the old one is kept: it may come back, and one that takes no writes still answers
 * reads.
 */
export class SentinelRoute implements Route {
  readonly #fleet: Fleet;
  readonly #target: RedisTarget;
  readonly #places: WatchedPlaces;
  readonly #discovery: Discovery<Address>;
  /** The one that answered last comes first. */
  readonly #sentinels: Informant[];
  #master: { readonly name: string; readonly target: RedisTarget; readonly server: Server } | undefined;
  #doubtedUntil = Number.NEGATIVE_INFINITY;
  #isClosed = false;

  /** @throws ConfigurationError for a limit that cannot be meant. */
  constructor(
    kind: string,
    target: RedisTarget,
    places: WatchedPlaces,
    limits: GuardOptions,
    context: BackendContext,
  ) {
    this.#fleet = { kind, limits, context, told: new Set() };
    this.#target = { ...target, inspect: requireMaster };
    this.#places = places;
    const entrance: RedisTarget = { ...target, access: places.sentinel.access };
    this.#sentinels = places.nodes.map(
      (node) => new Informant(targetAt(entrance, places.dialled(node)), context),
    );
    this.#discovery = new Discovery(kind, context, target.connectTimeoutMs, {
      ask: (signal, isAwaited) => this.#ask(signal, isAwaited),
      found: (address) => this.#adopt(address),
      isTroubled: () => this.#master?.server.isDown === true || context.clock.now() < this.#doubtedUntil,
    });
    // What cannot be meant is to be refused now and not when the master is found.
    void new Server(this.#fleet, target).close();
  }

  run<T>(keys: string | readonly string[], access: Access, bytes: number, work: Work<T>): Promise<T> {
    const master = this.#master;
    if (master === undefined) return this.#found().then((server) => server.run(keys, access, bytes, work));
    this.#makeSure();
    return master.server.run(keys, access, bytes, work);
  }

  async alone<T>(
    _keys: string | readonly string[],
    access: Access,
    bytes: number,
    work: Work<T>,
  ): Promise<T> {
    const server = await this.#found();
    this.#makeSure();
    try {
      return await server.alone(access, bytes, work);
    } catch (error) {
      this.#heed(error);
      throw error;
    }
  }

  together(keys: readonly (string | Buffer)[]): readonly (readonly number[])[] {
    return [keys.map((_, at) => at)];
  }

  async walks(): Promise<readonly Walk[]> {
    return [await this.#found()];
  }

  subscribeAt(): RedisTarget {
    // Where none is known yet: a sentinel, which is found not to be a master, so that another attempt follows.
    const [sentinel] = this.#places.nodes as [Address, ...Address[]];
    return this.#master?.target ?? targetAt(this.#target, this.#places.dialled(sentinel));
  }

  health(): BackendHealth {
    const lost = this.#discovery.isLost ? ['no sentinel names the master'] : [];
    return healthOf([...lost, ...(this.#master?.server.ailments ?? [])]);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#discovery.close();
    for (const sentinel of this.#sentinels) sentinel.close();
    await this.#master?.server.close();
  }

  async #found(): Promise<Server> {
    if (this.#master === undefined) await this.#discovery.first();
    if (this.#master === undefined) throw new Error('it is closed');
    return this.#master.server;
  }

  #ask(signal: AbortSignal, isAwaited: boolean): Promise<Address> {
    const { name } = this.#places.sentinel;
    const question = async (wire: Wire): Promise<Address> => {
      const reply = await wire.sendCommand(['SENTINEL', 'GET-MASTER-ADDR-BY-NAME', name]);
      if (reply === null) throw new Error(`no master is called ${JSON.stringify(name)} there`);
      const address = Array.isArray(reply) ? addressIn(reply.map(String).join(':')) : undefined;
      if (address === undefined) throw new OutOfStepError('SENTINEL', reply);
      return address;
    };
    const asked = this.#sentinels.map((sentinel) => async () => {
      const answer = await sentinel.ask(question, signal, isAwaited);
      this.#sentinels.sort((a, b) => Number(b === sentinel) - Number(a === sentinel));
      return answer;
    });
    return firstAnswer(this.#fleet.context.clock, PATIENCE_MS, asked);
  }

  #adopt(address: Address): void {
    const name = nameOf(address);
    const old = this.#master;
    if (old?.name === name || this.#isClosed) return;
    // The first may take as long as a first connection may. Later on there are callers who are used to answers.
    const { connectTimeoutMs } = this.#target;
    const patienceMs = () => (old === undefined ? connectTimeoutMs : deadlineOf(this.#fleet.limits));
    const target = targetAt({ ...this.#target, patienceMs }, this.#places.dialled(address));
    const server = new Server(this.#fleet, target, name, {
      down: () => this.#discovery.again(),
      failed: (error) => this.#heed(error),
    });
    this.#master = { name, target, server };
    this.#doubtedUntil = Number.NEGATIVE_INFINITY;
    void old?.server.close();
  }

  #makeSure(): void {
    if (this.#fleet.context.clock.coarse - this.#discovery.endedAt > TRUSTED_MS) this.#discovery.again();
  }

  #heed(error: unknown): void {
    if (!repliedWith(error, 'READONLY')) return;
    this.#doubtedUntil = this.#fleet.context.clock.now() + DOUBT_MS;
    this.#discovery.again();
  }
}

/**
 * What a sentinel says may be out of date: the server itself is asked as well (Redis documentation, "Guidelines for
 * Sentinel clients"). An account that may not ask learns it from the first write.
 */
async function requireMaster(wire: Wire): Promise<void> {
  let role: unknown;
  try {
    role = await wire.sendCommand(['ROLE']);
  } catch (error) {
    if (repliedWith(error, 'NOPERM', 'ERR unknown command')) return;
    throw error;
  }
  if (!Array.isArray(role)) throw new OutOfStepError('ROLE', role);
  const [name] = role.map(String);
  if (name !== 'master') throw new Error(`the server that is said to be the master calls itself a ${name}`);
}
