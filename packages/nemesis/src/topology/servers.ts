import type { TcpProxy } from '@recollect/testing/proxy';
import type { OwnServer } from '@recollect/testing/redis';
import type { PlannedFault } from '../generator/fault-plan.js';

/** The way of one worker to the servers. Nobody else is on it. */
export interface Roads {
  /** Options of the shared tier. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly proxies: readonly TcpProxy[];
}

/** The servers of a run, whatever their topology. */
export interface Servers {
  openRoads(): Promise<Roads>;
  /** Those that hold data and run. */
  running(): readonly OwnServer[];
  /** Those that serve now. */
  masters(): Promise<readonly OwnServer[]>;
  /**
   * Changes the topology.
   *
   * @returns whether the servers may have forgotten what they had acknowledged.
   */
  change(fault: PlannedFault): Promise<boolean>;
  /** Who serves, as one text. */
  view(): Promise<string>;
  /** Resolves when all is well. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

/** The keys that name the namespace, on all of these; what is kept beside a key has its name in braces. */
export async function keysOn(servers: readonly OwnServer[], namespace: string): Promise<string[]> {
  const keys = new Set<string>();
  for (const server of servers) {
    let cursor = '0';
    do {
      const reply = await server.command('SCAN', cursor, 'MATCH', `*${namespace}:*`, 'COUNT', '1000');
      const [next, found] = reply as [string, string[]];
      for (const key of found) keys.add(String(key));
      cursor = String(next);
    } while (cursor !== '0');
  }
  return [...keys].sort();
}
