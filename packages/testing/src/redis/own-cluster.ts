import type { SlotRange } from './cluster-view.js';
import type { OwnServer } from './own-server.js';

/** One node of a cluster. What it says of itself is of the last time somebody looked: `refresh()`, `masterOf()`, … */
export interface ClusterNode extends OwnServer {
  readonly id: string;
  readonly role: 'master' | 'replica';
  /** Of a master. */
  readonly slots: readonly SlotRange[];
  /** Of a replica: the id of its master. */
  readonly masterId: string | undefined;
}

/** A slot that is on its way: its master answers `ASK` for what it no longer has, and `TRYAGAIN` for half a command. */
export interface OpenMigration {
  readonly slot: number;
  readonly from: ClusterNode;
  readonly to: ClusterNode;
  /** Moves these keys of the slot, or all it has. Returns how many went. */
  move(...keys: readonly string[]): Promise<number>;
  /** Moves the rest and gives the slot to the new node; resolves when all nodes agree. */
  finish(): Promise<void>;
  /** Takes back what was moved; the slot stays where it was. */
  cancel(): Promise<void>;
}

/** A cluster of our own. It ends with this process, whatever that dies of. */
export interface OwnCluster {
  readonly nodes: readonly ClusterNode[];
  /** Of all nodes, without credentials. */
  readonly urls: readonly string[];
  /** As the servers count it: of the hash tag, where the key has one. */
  slotOf(key: string): Promise<number>;
  /** Looks again who does what. Nodes that do not answer are left out of it. */
  refresh(): Promise<void>;
  /** The node that serves a key (text) or a slot (number) now, by the word of all nodes that answer. */
  masterOf(keyOrSlot: string | number): Promise<ClusterNode>;
  /** A replica of that node that runs. */
  replicaOf(keyOrSlot: string | number): Promise<ClusterNode>;
  /** Resolves when every node that runs sees all others well, agrees about the slots, and each replica has its master's data. */
  settled(): Promise<void>;
  /** Moves a slot with its keys; resolves when all nodes agree. */
  moveSlot(keyOrSlot: string | number, to: ClusterNode): Promise<void>;
  /** Begins to move a slot and leaves it so. */
  openMigration(keyOrSlot: string | number, to: ClusterNode): Promise<OpenMigration>;
  /** Ends all nodes and removes what they kept. Idempotent. */
  stop(): Promise<void>;
}
