import { type Address, nameOf } from '../address.js';
import { Bundles } from './bundles.js';
import { SLOTS } from './key-slot.js';
import type { Server } from './server.js';
import type { SlotRange } from './slot-ranges.js';

/** A node that has slots, or is about to have some. */
export interface ClusterNode {
  readonly address: Address;
  readonly server: Server;
  readonly bundles: Bundles;
}

/** Which node has which slot, as far as is known, and the connections to them. */
export class ClusterMap {
  readonly #connect: (address: Address) => Server;
  readonly #nodes = new Map<string, ClusterNode>();
  #owners: (ClusterNode | undefined)[] = [];
  #replicas: readonly Address[] = [];

  /** @param connect Makes what connects to a node, when that is first needed. */
  constructor(connect: (address: Address) => Server) {
    this.#connect = connect;
  }

  get isKnown(): boolean {
    return this.#owners.length > 0;
  }

  /** Nodes that have slots. O(slots). */
  get masters(): readonly ClusterNode[] {
    return [...new Set(this.#owners)].filter((node) => node !== undefined);
  }

  /** All to which there are connections, or may be. */
  get nodes(): Iterable<ClusterNode> {
    return this.#nodes.values();
  }

  get replicas(): readonly Address[] {
    return this.#replicas;
  }

  /** How many slots nobody has. */
  get orphans(): number {
    let orphans = 0;
    for (const owner of this.#owners) if (owner === undefined) orphans++;
    return orphans;
  }

  ownerOf(slot: number): ClusterNode | undefined {
    return this.#owners[slot];
  }

  /** The node at the address, whether it has slots or not. */
  at(address: Address): ClusterNode {
    const name = nameOf(address);
    let node = this.#nodes.get(name);
    if (node === undefined) {
      const server = this.#connect(address);
      node = { address, server, bundles: new Bundles(server) };
      this.#nodes.set(name, node);
    }
    return node;
  }

  /** The slot has a new owner. */
  move(slot: number, to: Address): ClusterNode {
    const node = this.at(to);
    this.#owners[slot] = node;
    return node;
  }

  /** All of it anew. Connections to nodes that have no slots any more are closed, when what is under way on them is over. */
  adopt(ranges: readonly SlotRange[]): void {
    const owners = new Array<ClusterNode | undefined>(SLOTS).fill(undefined);
    for (const { first, last, master } of ranges) owners.fill(this.at(master), first, last + 1);
    this.#owners = owners;
    this.#replicas = ranges.flatMap(({ replicas }) => replicas);
    const staying = new Set(owners);
    for (const [name, node] of this.#nodes) {
      if (staying.has(node)) continue;
      this.#nodes.delete(name);
      void node.server.close();
    }
  }

  /** Never rejects. */
  async close(): Promise<void> {
    await Promise.all([...this.#nodes.values()].map(({ server }) => server.close()));
  }
}
