import type { ClusterNode, OpenMigration, OwnCluster } from './own-cluster.js';
import type { Credentials } from './tell-server.js';

const MIGRATE_MS = '5000';
const AT_ONCE = '1000';

/** How a cluster begins to move a slot. */
export type MigrationOpener = (
  cluster: OwnCluster,
  slot: number,
  from: ClusterNode,
  to: ClusterNode,
  credentials: Credentials,
) => Promise<OpenMigration>;

/**
 * Begins to move a slot as the specification of Redis Cluster has it: the new node imports before the old one exports,
 * or a client that is sent to the new one is sent back (https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/).
 *
 * @throws RangeError when the slot is there already.
 */
export const openMigration: MigrationOpener = async (cluster, slot, from, to, credentials) => {
  if (from === to) throw new RangeError(`slot ${slot} is at the node at port ${to.port} already`);
  const setSlot = (node: ClusterNode, ...state: string[]) =>
    node.command('CLUSTER', 'SETSLOT', `${slot}`, ...state);
  await setSlot(to, 'IMPORTING', from.id);
  await setSlot(from, 'MIGRATING', to.id);
  const carry = async (
    source: ClusterNode,
    target: ClusterNode,
    wanted: readonly string[],
  ): Promise<number> => {
    const keys = wanted.length > 0 ? wanted : await keysIn(source, slot);
    const { username, password } = credentials;
    for (const key of keys) {
      const way = ['127.0.0.1', `${target.port}`, key, '0', MIGRATE_MS, 'AUTH2', username, password];
      await source.command('MIGRATE', ...way);
    }
    if (wanted.length > 0 || keys.length === 0) return keys.length;
    return keys.length + (await carry(source, target, []));
  };
  return {
    slot,
    from,
    to,
    move: (...keys) => carry(from, to, keys),
    finish: async () => {
      await carry(from, to, []);
      // The new node first: were it to crash in between, the old one would still send to it.
      for (const node of [to, from]) await setSlot(node, 'NODE', to.id);
      const others = cluster.nodes.filter((node) => node !== to && node !== from && node.role === 'master');
      for (const node of others) if (node.isRunning) await setSlot(node, 'NODE', to.id);
      await cluster.settled();
    },
    cancel: async () => {
      await setSlot(from, 'STABLE');
      await carry(to, from, []);
      await setSlot(to, 'STABLE');
    },
  };
};

async function keysIn(node: ClusterNode, slot: number): Promise<string[]> {
  const keys = await node.command('CLUSTER', 'GETKEYSINSLOT', `${slot}`, AT_ONCE);
  return Array.isArray(keys) ? keys.map(String) : [];
}
