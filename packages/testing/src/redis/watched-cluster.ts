import { agreement, ownerOf, type SeenNode } from './cluster-view.js';
import type { GuardedNode } from './guarded-node.js';
import type { MigrationOpener } from './open-migration.js';
import type { ClusterNode, OpenMigration, OwnCluster } from './own-cluster.js';
import type { OwnedDirectory } from './owned-directory.js';
import type { Credentials } from './tell-server.js';
import { waitUntil } from './wait-until.js';

const PATIENCE_MS = 20_000;
/** How long a node may take to say what it sees before it is left out. */
const LOOK_MS = 300;

export class WatchedCluster implements OwnCluster {
  readonly nodes: readonly GuardedNode[];
  readonly #credentials: Credentials;
  readonly #home: OwnedDirectory;
  readonly #openMigration: MigrationOpener;

  constructor(
    nodes: readonly GuardedNode[],
    credentials: Credentials,
    home: OwnedDirectory,
    opener: MigrationOpener,
  ) {
    this.nodes = nodes;
    this.#credentials = credentials;
    this.#home = home;
    this.#openMigration = opener;
  }

  get urls(): readonly string[] {
    return this.nodes.map(({ url }) => url);
  }

  async slotOf(key: string): Promise<number> {
    return Promise.any(this.nodes.map(async (node) => Number(await node.command('CLUSTER', 'KEYSLOT', key))));
  }

  async refresh(): Promise<void> {
    await this.#views();
  }

  async masterOf(keyOrSlot: string | number): Promise<ClusterNode> {
    const slot = typeof keyOrSlot === 'number' ? keyOrSlot : await this.slotOf(keyOrSlot);
    const owner = ownerOf(slot, await this.#views());
    const node = this.nodes.find(({ id }) => id === owner?.id);
    if (node === undefined) throw new Error(`no node of this cluster is known to serve slot ${slot}`);
    return node;
  }

  async replicaOf(keyOrSlot: string | number): Promise<ClusterNode> {
    const master = await this.masterOf(keyOrSlot);
    const replica = this.nodes.find((node) => node.isRunning && node.masterId === master.id);
    if (replica === undefined) throw new Error(`no replica of the node at port ${master.port} runs`);
    return replica;
  }

  /** Resolves when each node knows all others. */
  met(): Promise<void> {
    return waitUntil(async () => {
      const views = await Promise.all(this.nodes.map((node) => node.look()));
      return views.every((view) => this.#isWhole(view)) ? undefined : 'not every node knows every other';
    }, PATIENCE_MS);
  }

  settled(): Promise<void> {
    return waitUntil(() => this.#unsettled(), PATIENCE_MS);
  }

  async moveSlot(keyOrSlot: string | number, to: ClusterNode): Promise<void> {
    await (await this.openMigration(keyOrSlot, to)).finish();
  }

  async openMigration(keyOrSlot: string | number, to: ClusterNode): Promise<OpenMigration> {
    const slot = typeof keyOrSlot === 'number' ? keyOrSlot : await this.slotOf(keyOrSlot);
    return this.#openMigration(this, slot, await this.masterOf(slot), to, this.#credentials);
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop()));
    await this.#home.remove();
  }

  /** What each node sees that answers in time; takes down what those say of themselves. */
  async #views(): Promise<SeenNode[][]> {
    const looks = this.nodes.map(async (node) => {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<undefined>((resolve) => {
        timer = setTimeout(resolve, LOOK_MS, undefined);
      });
      const view = await Promise.race([node.look().catch(() => undefined), late]);
      clearTimeout(timer);
      const self = view?.find(({ isSelf }) => isSelf);
      if (self !== undefined) node.seen(self);
      return view;
    });
    return (await Promise.all(looks)).filter((view) => view !== undefined);
  }

  #isWhole(view: readonly SeenNode[]): boolean {
    const running = this.nodes.filter(({ isRunning }) => isRunning);
    return running.every(({ id }) => view.some((each) => each.id === id && each.isFine));
  }

  async #unsettled(): Promise<string | undefined> {
    const running = this.nodes.filter(({ isRunning }) => isRunning);
    const views = await this.#views();
    if (views.length < running.length) return `${running.length - views.length} nodes do not answer`;
    if (!views.every((view) => this.#isWhole(view))) return 'not every node sees every other well';
    if (new Set(views.map(agreement)).size > 1) return 'the nodes disagree about who serves what';
    const states = await Promise.all(running.map(stateOf));
    return states.find((state) => state !== undefined);
  }
}

/** What keeps a node from its work. */
async function stateOf(node: GuardedNode): Promise<string | undefined> {
  const info = String(await node.command('CLUSTER', 'INFO'));
  if (!info.includes('cluster_state:ok')) return `the node at port ${node.port} does not serve`;
  if (node.role === 'master') return undefined;
  const replication = String(await node.command('INFO', 'replication'));
  return replication.includes('master_link_status:up')
    ? undefined
    : `the replica at port ${node.port} has no data`;
}
