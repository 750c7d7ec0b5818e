import { join } from 'node:path';
import { GuardedNode } from './guarded-node.js';
import { openMigration } from './open-migration.js';
import type { ClusterNode, OwnCluster } from './own-cluster.js';
import { ownDirectory } from './owned-directory.js';
import { redisBinary } from './redis-binary.js';
import type { ServerSettings } from './server-settings.js';
import { administrator, allStarted, onFreePort } from './start-server.js';
import { WatchedCluster } from './watched-cluster.js';

const SLOTS = 16_384;

export interface ClusterOptions {
  /** At least 3, or no majority can replace one; 3 by default. */
  readonly masters?: number;
  /** 1 by default. */
  readonly replicasPerMaster?: number;
  /** Of every node. */
  readonly settings?: ServerSettings;
}

/** Soon in doubt, and no service for the slots of a lost master only. */
const FIXED = {
  'cluster-enabled': 'yes',
  'cluster-node-timeout': 1_000,
  'cluster-require-full-coverage': 'no',
  // Replicas need not wait for others that may want the same snapshot.
  'repl-diskless-sync-delay': 0,
};

/**
 * A cluster of our own on the loopback, with the slots spread evenly. Takes a little over two seconds: so long does a
 * master that has just been started refuse to serve (`CLUSTER_WRITABLE_DELAY` in its sources).
 *
 * @throws Error where there is no program to start (see `redisBinary`), and when the nodes do not agree within 20 s.
 */
export async function startCluster({
  masters = 3,
  replicasPerMaster = 1,
  settings = {},
}: ClusterOptions = {}): Promise<OwnCluster> {
  if (!(masters >= 1) || !(replicasPerMaster >= 0))
    throw new RangeError(
      `startCluster: masters ${masters}, replicasPerMaster ${replicasPerMaster}; from 1 and 0 on are accepted`,
    );
  const binary = await redisBinary();
  const home = await ownDirectory('redis-cluster');
  const credentials = administrator();
  const { username, password } = credentials;
  const fixed = { ...FIXED, masteruser: username, masterauth: password };
  const begun: GuardedNode[] = [];
  const begin = (name: number) =>
    onFreePort(undefined, async (port, attempt) => {
      const directory = join(home.path, `${name}-${attempt}`);
      const node = new GuardedNode({
        binary,
        directory,
        port,
        tlsPort: undefined,
        credentials,
        fixed,
        settings,
      });
      await node.begin();
      begun.push(node);
      return node;
    });
  try {
    const count = masters * (1 + replicasPerMaster);
    const nodes = await allStarted(Array.from({ length: count }, (_, index) => begin(index)));
    await introduce(nodes, masters);
    const cluster = new WatchedCluster(nodes, credentials, home, openMigration);
    await cluster.met();
    await Promise.all(
      nodes
        .slice(masters)
        .map((node, index) => node.command('CLUSTER', 'REPLICATE', at(nodes, index % masters).id)),
    );
    await cluster.settled();
    return cluster;
  } catch (error) {
    await Promise.all(begun.map((node) => node.stop()));
    await home.remove();
    throw error;
  }
}

/** Gives each master its slots and an epoch of its own, and makes each node known to each other. */
async function introduce(nodes: readonly GuardedNode[], masters: number): Promise<void> {
  await Promise.all(nodes.map((node) => node.identify()));
  const border = (index: number) => Math.floor((index * SLOTS) / masters);
  await Promise.all(
    nodes.map((node, index) => node.command('CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1))),
  );
  await Promise.all(
    nodes.slice(0, masters).map((node, index) => {
      const [from, end] = [border(index), border(index + 1)];
      const slots = Array.from({ length: end - from }, (_, offset) => String(from + offset));
      return node.command('CLUSTER', 'ADDSLOTS', ...slots);
    }),
  );
  for (const [index, node] of nodes.entries()) {
    for (const other of nodes.slice(index + 1))
      await node.command('CLUSTER', 'MEET', '127.0.0.1', String(other.port));
  }
}

function at(nodes: readonly ClusterNode[], index: number): ClusterNode {
  const node = nodes[index];
  if (node === undefined) throw new RangeError(`no node ${index}`);
  return node;
}
