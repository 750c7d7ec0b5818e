import { type OwnServer, startSentinels } from '@recollect/testing/redis';
import { eventually } from './eventually.js';
import { proxiesFor } from './roads.js';
import type { Servers } from './servers.js';

const SETTLED_MS = 20_000;

/**
 * A master with a replica, watched by three sentinels. They do not ask a master to wait for its replica before they replace
 * it, so every failover may lose what it had acknowledged last.
 */
export async function sentinelServers(): Promise<Servers> {
  const own = await startSentinels();
  const settled = async (): Promise<void> => {
    const isSettled = await eventually(async () => {
      const master = await own.master();
      const others = own.servers.filter((server) => server !== master);
      const copying = await Promise.all(others.map((server) => isCopying(server, master)));
      return copying.every(Boolean);
    }, SETTLED_MS);
    if (!isSettled) throw new Error(`the servers have not settled after ${SETTLED_MS} ms`);
  };
  return {
    openRoads: async () => {
      const { proxies, addresses } = await proxiesFor([...own.servers, ...own.sentinelServers]);
      const nodes = own.sentinels.map(({ port }) => addresses[`127.0.0.1:${port}`]);
      return { options: { sentinel: { name: own.name, nodes }, addresses }, proxies };
    },
    running: () => own.servers.filter(({ isRunning }) => isRunning),
    masters: async () => [await own.master()],
    change: async ({ kind }) => {
      const old = await own.master();
      if (kind === 'crash-master') await old.kill();
      const next = await (kind === 'crash-master' ? own.masterOtherThan(old) : own.failover());
      if (!old.isRunning) await old.restart();
      // It believes to be what it was until a sentinel tells it otherwise, which takes ten seconds.
      await old.command('REPLICAOF', '127.0.0.1', String(next.port));
      await settled();
      return true;
    },
    view: async () => String((await own.master()).port),
    settled,
    stop: () => own.stop(),
  };
}

async function isCopying(server: OwnServer, master: OwnServer): Promise<boolean> {
  const info = String(await server.command('INFO', 'replication'));
  return info.includes(`master_port:${master.port}\r\n`) && info.includes('master_link_status:up');
}
