import { setTimeout as sleep } from 'node:timers/promises';
import { type ClusterNode, type OwnCluster, startCluster } from '@recollect/testing/redis';
import type { PlannedFault } from '../generator/fault-plan.js';
import { eventually } from './eventually.js';
import { proxiesFor } from './roads.js';
import type { Servers } from './servers.js';

/** How long servers may take to put another in a lost one's place. */
const FAILOVER_MS = 12_000;

/** Three masters with a replica each. */
export async function clusterServers(): Promise<Servers> {
  const cluster = await startCluster();
  const masters = async (): Promise<readonly ClusterNode[]> => {
    await cluster.refresh();
    return cluster.nodes.filter(
      ({ isRunning, role, slots }) => isRunning && role === 'master' && slots.length > 0,
    );
  };
  const view = async (): Promise<string> =>
    (await masters())
      .map(({ port }) => port)
      .sort()
      .join();
  return {
    openRoads: async () => {
      const { proxies, addresses } = await proxiesFor(cluster.nodes);
      const nodes = cluster.nodes.map(({ port }) => `127.0.0.1:${port}`);
      return { options: { cluster: { nodes }, addresses }, proxies };
    },
    running: () => cluster.nodes.filter(({ isRunning }) => isRunning),
    masters,
    change: async (fault) => {
      const before = await masters();
      const node = before[Math.floor(fault.choice * before.length)];
      if (node === undefined) return true;
      const expected = await changed(cluster, node, fault, before);
      await cluster.settled();
      // Whoever else has lost its place meanwhile has done so without being asked.
      return fault.kind === 'crash-master' || (await view()) !== expected;
    },
    view,
    settled: () => cluster.settled(),
    stop: () => cluster.stop(),
  };
}

/** Makes the change; the view as it is to be afterwards. */
async function changed(
  cluster: OwnCluster,
  node: ClusterNode,
  { kind, forMs, choice }: PlannedFault,
  before: readonly ClusterNode[],
): Promise<string> {
  const ports = before.map(({ port }) => port);
  const slot = node.slots[0]?.[0] ?? 0;
  switch (kind) {
    case 'clean-failover': {
      const replica = await cluster.replicaOf(slot);
      // The master lets the replica catch up before it steps back, so nothing is lost.
      await replica.command('CLUSTER', 'FAILOVER');
      await eventually(async () => (await cluster.masterOf(slot)) === replica, FAILOVER_MS);
      return ports
        .map((port) => (port === node.port ? replica.port : port))
        .sort()
        .join();
    }
    case 'move-slot': {
      const to = before[(before.indexOf(node) + 1) % before.length] as ClusterNode;
      const key = await node.command('RANDOMKEY');
      const migration = await cluster.openMigration(typeof key === 'string' ? key : slot, to);
      await sleep(forMs);
      if (choice * 7 - Math.floor(choice * 7) < 0.2) await migration.cancel();
      else await migration.finish();
      return ports.sort().join();
    }
    default:
      await node.kill();
      await eventually(async () => (await cluster.masterOf(slot)) !== node, FAILOVER_MS);
      await node.restart();
      return '';
  }
}
