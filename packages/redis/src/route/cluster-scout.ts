import type { BackendContext } from 'recollect';
import { type Address, nameOf } from '../address.js';
import type { Places } from '../places.js';
import { type RedisTarget, targetAt } from '../redis-target.js';
import type { ClusterMap, ClusterNode } from './cluster-map.js';
import { firstAnswer } from './first-answer.js';
import { Informant } from './informant.js';
import { type SlotRange, slotRanges } from './slot-ranges.js';

/** How long a node is waited for before the next one is asked as well. */
const PATIENCE_MS = 200;

/** How long a node that says the cluster is down is doubted: the others may have gone on without it. */
const DOUBT_MS = 10_000;

/** Asks nodes of a cluster which of them has what. */
export class ClusterScout {
  readonly #map: ClusterMap;
  readonly #target: RedisTarget;
  readonly #places: Places;
  readonly #context: BackendContext;
  readonly #informants = new Map<string, Informant>();
  /** Who is to be asked before all others, once. */
  #trusted: Address | undefined;
  #lastAnswered: Address | undefined;
  /** By name: until when. */
  readonly #doubted = new Map<string, number>();

  constructor(map: ClusterMap, target: RedisTarget, places: Places, context: BackendContext) {
    this.#map = map;
    this.#target = target;
    this.#places = places;
    this.#context = context;
  }

  /** A slot has moved there, so it knows before the others do. */
  trust(address: Address): void {
    this.#trusted = address;
  }

  /** What it says may be out of date. */
  doubt(address: Address): void {
    this.#doubted.set(nameOf(address), this.#context.clock.now() + DOUBT_MS);
  }

  /** Whether any node is in trouble, so that another may soon have what it had. */
  get isTroubled(): boolean {
    for (const node of this.#map.nodes) if (this.#isTroubled(node)) return true;
    return false;
  }

  ask(signal: AbortSignal, isAwaited: boolean): Promise<readonly SlotRange[]> {
    const addresses = this.#inOrder();
    this.#trusted = undefined;
    for (const name of this.#doubted.keys()) if (!addresses.has(name)) this.#doubted.delete(name);
    for (const [name, informant] of this.#informants) {
      if (addresses.has(name)) continue;
      informant.close();
      this.#informants.delete(name);
    }
    const asked = [...addresses.values()].map((address) => async () => {
      const reply = await this.#informantAt(address).ask(
        (wire) => wire.sendCommand(['CLUSTER', 'SLOTS']),
        signal,
        isAwaited,
      );
      const ranges = slotRanges(reply, address);
      this.#lastAnswered = address;
      return ranges;
    });
    return firstAnswer(this.#context.clock, PATIENCE_MS, asked);
  }

  close(): void {
    for (const informant of this.#informants.values()) informant.close();
  }

  /** Those that are in trouble last, as what they say may be out of date; among the others a fleet does not ask one alone. */
  #inOrder(): ReadonlyMap<string, Address> {
    const sound: Address[] = [];
    const troubled: Address[] = [];
    for (const node of this.#map.nodes) (this.#isTroubled(node) ? troubled : sound).push(node.address);
    const isSound = (address: Address) => !troubled.some((each) => nameOf(each) === nameOf(address));
    const first = [this.#trusted, this.#lastAnswered].filter((each) => each !== undefined && isSound(each));
    const seeds = this.#places.nodes.filter(isSound);
    const ordered = [
      ...first,
      ...shuffled(sound),
      ...shuffled(this.#map.replicas),
      ...shuffled(seeds),
      ...troubled,
    ];
    return new Map(ordered.flatMap((each) => (each === undefined ? [] : [[nameOf(each), each] as const])));
  }

  #isTroubled({ address, server }: ClusterNode): boolean {
    return server.isDown || (this.#doubted.get(nameOf(address)) ?? 0) > this.#context.clock.now();
  }

  #informantAt(address: Address): Informant {
    const name = nameOf(address);
    let informant = this.#informants.get(name);
    if (informant === undefined) {
      informant = new Informant(targetAt(this.#target, this.#places.dialled(address)), this.#context);
      this.#informants.set(name, informant);
    }
    return informant;
  }
}

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
