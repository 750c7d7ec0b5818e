import { readClusterNodes, type SeenNode, type SlotRange } from './cluster-view.js';
import { GuardedServer } from './guarded-server.js';
import type { ClusterNode } from './own-cluster.js';

export class GuardedNode extends GuardedServer implements ClusterNode {
  #id = '';
  #role: 'master' | 'replica' = 'master';
  #slots: readonly SlotRange[] = [];
  #masterId: string | undefined;

  get id(): string {
    return this.#id;
  }

  get role(): 'master' | 'replica' {
    return this.#role;
  }

  get slots(): readonly SlotRange[] {
    return this.#slots;
  }

  get masterId(): string | undefined {
    return this.#masterId;
  }

  async identify(): Promise<void> {
    this.#id = String(await this.command('CLUSTER', 'MYID'));
  }

  /** The cluster as this node sees it, itself included. */
  async look(): Promise<SeenNode[]> {
    return readClusterNodes(String(await this.command('CLUSTER', 'NODES')));
  }

  seen({ role, slots, masterId }: Pick<SeenNode, 'role' | 'slots' | 'masterId'>): void {
    this.#role = role;
    this.#slots = slots;
    this.#masterId = masterId;
  }
}
