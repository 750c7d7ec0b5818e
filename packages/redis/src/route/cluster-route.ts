import { setTimeout as sleep } from 'node:timers/promises';
import type { BackendContext, BackendHealth } from 'recollect';
import type { Access, GuardOptions } from 'recollect/guard';
import { type Address, nameOf } from '../address.js';
import { deadlineOf } from '../guarded-connection.js';
import type { Places } from '../places.js';
import { type RedisTarget, targetAt } from '../redis-target.js';
import { repliedWith } from '../replied-with.js';
import { askingWire } from './asking-wire.js';
import { ClusterMap, type ClusterNode } from './cluster-map.js';
import { ClusterScout } from './cluster-scout.js';
import { Discovery } from './discovery.js';
import { healthOf } from './health-of.js';
import { heedful } from './heedful-wire.js';
import { keySlot, SLOTS } from './key-slot.js';
import { redirectionIn } from './redirection.js';
import type { Route, Walk, Work } from './route.js';
import { type Fleet, Server } from './server.js';
import { slotOfAll } from './slot-of-all.js';
import type { SlotRange } from './slot-ranges.js';

/** The work on one node; `isAsking` where the slot is still on its way there. */
type Attempt<T> = (node: ClusterNode, isAsking: boolean) => Promise<T>;

/** Where the work is to be done instead. */
interface Turn {
  readonly node: ClusterNode;
  readonly isAsking: boolean;
  /** Whether it is better to wait a little before. */
  readonly isLater: boolean;
}

const MOST_REDIRECTIONS = 3;
/** Upper end of the first pause while the keys of a slot are on their way; it doubles. */
const PAUSE_MS = 8;

/**
 * The masters of a Redis Cluster, each with the keys of its slots. Which has what is asked when the first operation comes,
 * and again, of those that are well, while one of them is not. Every node has connections, limits and breakers of its own,
 * so that one that fails costs the others nothing.
 */
export class ClusterRoute implements Route {
  readonly #fleet: Fleet;
  readonly #target: RedisTarget;
  readonly #places: Places;
  readonly #deadlineMs: number;
  readonly #late: Error;
  readonly #map: ClusterMap;
  readonly #scout: ClusterScout;
  readonly #discovery: Discovery<readonly SlotRange[]>;
  #wasUp = false;
  #isClosed = false;

  /** @throws ConfigurationError for a limit that cannot be meant. */
  constructor(
    kind: string,
    target: RedisTarget,
    places: Places,
    limits: GuardOptions,
    context: BackendContext,
  ) {
    this.#fleet = { kind, limits, context, told: new Set() };
    this.#target = target;
    this.#places = places;
    this.#deadlineMs = deadlineOf(limits);
    this.#late = new Error(`no answer within ${this.#deadlineMs} ms, by way of other nodes`);
    this.#map = new ClusterMap((address) => this.#connect(address));
    this.#scout = new ClusterScout(this.#map, target, places, context);
    this.#discovery = new Discovery(kind, context, target.connectTimeoutMs, {
      ask: (signal, isAwaited) => this.#scout.ask(signal, isAwaited),
      found: (ranges) => this.#map.adopt(ranges),
      isTroubled: () => this.#scout.isTroubled,
    });
    // What cannot be meant is to be refused now and not when the first node is found.
    void new Server(this.#fleet, target).close();
  }

  run<T>(keys: string | readonly string[], access: Access, bytes: number, work: Work<T>): Promise<T> {
    return this.#go(keys, ({ server, bundles }, isAsking) =>
      isAsking
        ? server.run(keys, access, bytes, (wire) => work(askingWire(wire)))
        : bundles.run(keys, access, bytes, work),
    );
  }

  alone<T>(keys: string | readonly string[], access: Access, bytes: number, work: Work<T>): Promise<T> {
    return this.#go(keys, ({ address, server }, isAsking) => {
      const asked: Work<T> = isAsking ? (wire) => work(askingWire(wire)) : work;
      return server.alone(access, bytes, heedful(address, asked));
    });
  }

  /** By slot. */
  together(keys: readonly (string | Buffer)[]): readonly (readonly number[])[] {
    const groups = new Map<number, number[]>();
    for (const [at, key] of keys.entries()) {
      const slot = keySlot(key);
      const group = groups.get(slot);
      if (group === undefined) groups.set(slot, [at]);
      else group.push(at);
    }
    return [...groups.values()];
  }

  /** Asks first who they are, as one that has joined since would be missed; where nobody answers, those that are known. */
  async walks(): Promise<readonly Walk[]> {
    const known = this.#map.isKnown;
    await this.#discovery.now().catch((error: unknown) => {
      if (!known || this.#isClosed) throw error;
    });
    const { orphans } = this.#map;
    if (orphans > 0) throw new Error(`${orphans} of ${SLOTS} slots have no server`);
    return this.#map.masters.map(({ server }) => server);
  }

  /** On any of them, as each passes on what is published on another. */
  subscribeAt(): RedisTarget {
    const sound = [...this.#map.masters].filter(({ server }) => !server.isDown);
    const address = sound[Math.floor(Math.random() * sound.length)]?.address;
    const [seed] = this.#places.nodes as [Address, ...Address[]];
    return targetAt(this.#target, this.#places.dialled(address ?? seed));
  }

  health(): BackendHealth {
    const reasons: string[] = [];
    if (this.#discovery.isLost) reasons.push('no node of the cluster says which has what');
    const { orphans } = this.#map;
    if (orphans > 0) reasons.push(`${orphans} of ${SLOTS} slots have no server`);
    for (const { server } of this.#map.nodes) reasons.push(...server.ailments);
    // What the account may not do is the same on each of them.
    return healthOf([...new Set(reasons)]);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#discovery.close();
    this.#scout.close();
    await this.#map.close();
  }

  async #go<T>(keys: string | readonly string[], attempt: Attempt<T>): Promise<T> {
    const slot = slotOfAll(keys);
    if (this.#isClosed) throw new Error('it is closed');
    if (!this.#map.isKnown) await this.#discovery.first();
    const node = this.#map.ownerOf(slot);
    if (node === undefined) {
      this.#discovery.again();
      throw new Error(`slot ${slot} has no server`);
    }
    const since = this.#fleet.context.clock.now();
    try {
      return await attempt(node, false);
    } catch (error) {
      return this.#elsewhere(slot, node, error, since, attempt);
    }
  }

  /** Goes where the error says, from there on, and so on, within the deadline of the operation. */
  async #elsewhere<T>(
    slot: number,
    first: ClusterNode,
    error: unknown,
    since: number,
    attempt: Attempt<T>,
  ): Promise<T> {
    const { clock } = this.#fleet.context;
    let [node, problem] = [first, error];
    for (let turn = 1; ; turn++) {
      const next = this.#next(slot, node, problem);
      const leftMs = this.#deadlineMs - (clock.now() - since);
      if (next === undefined || turn > MOST_REDIRECTIONS || leftMs <= 0 || this.#isClosed) throw problem;
      // A timer that holds the process, as nothing else does while somebody waits here.
      if (next.isLater) await sleep(Math.min(leftMs, Math.random() * PAUSE_MS * 2 ** turn));
      node = next.node;
      try {
        return await this.#within(leftMs, attempt(node, next.isAsking));
      } catch (another) {
        problem = another;
      }
    }
  }

  /** Where the work is to be done instead; `undefined` where the error is no redirection of this slot. */
  #next(slot: number, from: ClusterNode, error: unknown): Turn | undefined {
    const redirection = redirectionIn(error, from.address);
    if (redirection === undefined) {
      if (repliedWith(error, 'CLUSTERDOWN')) {
        this.#scout.doubt(from.address);
        this.#discovery.again();
      }
      return undefined;
    }
    if (redirection.kind === 'again') {
      const node = this.#map.ownerOf(slot);
      return node && { node, isAsking: false, isLater: true };
    }
    const isAsking = redirection.kind === 'ask';
    if (isAsking) return { node: this.#map.at(redirection.to), isAsking, isLater: false };
    const node = this.#map.move(redirection.slot, redirection.to);
    this.#scout.trust(redirection.to);
    this.#discovery.again();
    // A command with a key that the route was not told of: it would be sent on for ever.
    return redirection.slot === slot ? { node, isAsking, isLater: false } : undefined;
  }

  #connect(address: Address): Server {
    const { connectTimeoutMs } = this.#target;
    // The first may take as long as a first connection may. Later on there are callers who are used to answers.
    const patienceMs = () => (this.#wasUp ? this.#deadlineMs : connectTimeoutMs);
    const target = targetAt({ ...this.#target, patienceMs }, this.#places.dialled(address));
    return new Server(this.#fleet, target, nameOf(address), {
      up: () => {
        this.#wasUp = true;
      },
      down: () => this.#discovery.again(),
    });
  }

  #within<T>(ms: number, work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const cancel = this.#fleet.context.clock.after(ms, () => reject(this.#late));
      work.finally(cancel).then(resolve, reject);
    });
  }
}
