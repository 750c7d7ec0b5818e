import type { Topology } from '../generator/fault-plan.js';
import { clusterServers } from './cluster.js';
import { sentinelServers } from './sentinel.js';
import type { Servers } from './servers.js';
import { standaloneServers } from './standalone.js';

/** Servers of our own: what is done to them must not befall anybody else's. */
export function startServers(topology: Topology): Promise<Servers> {
  switch (topology) {
    case 'standalone':
      return standaloneServers();
    case 'cluster':
      return clusterServers();
    case 'sentinel':
      return sentinelServers();
  }
}
