import { join } from 'node:path';
import { GuardedServer, type ServerPlan } from './guarded-server.js';
import type { OwnSentinels } from './own-sentinels.js';
import { type OwnedDirectory, ownDirectory } from './owned-directory.js';
import { redisBinary } from './redis-binary.js';
import type { RedisBinary } from './redis-source.js';
import type { ServerSettings } from './server-settings.js';
import { administrator, allStarted, onFreePort } from './start-server.js';
import type { Credentials } from './tell-server.js';
import { waitUntil } from './wait-until.js';
import { WatchingSentinels } from './watching-sentinels.js';

const PATIENCE_MS = 20_000;

export interface SentinelOptions {
  /** How many watch; 3 by default. A majority of them decides. */
  readonly sentinels?: number;
  /** 1 by default. */
  readonly replicas?: number;
  /** How clients ask for the master; `recollect` by default. */
  readonly name?: string;
  /** After how long without an answer a sentinel holds a server to be down; 1 s by default. */
  readonly 'down-after-milliseconds'?: number;
  /** How long an attempt to replace the master may take; another begins after twice as long. 3 s by default. */
  readonly 'failover-timeout'?: number;
  /** Of the servers that hold data. */
  readonly settings?: ServerSettings;
}

/**
 * A master with replicas on the loopback, and sentinels that watch them.
 *
 * @throws Error where there is no program to start (see `redisBinary`), and when not all know each other within 20 s.
 */
export async function startSentinels({
  sentinels = 3,
  replicas = 1,
  name = 'recollect',
  'down-after-milliseconds': downAfter = 1_000,
  'failover-timeout': failoverTimeout = 3_000,
  settings = {},
}: SentinelOptions = {}): Promise<OwnSentinels> {
  if (!(sentinels >= 1) || !(replicas >= 1))
    throw new RangeError(
      `startSentinels: sentinels ${sentinels}, replicas ${replicas}; from 1 on are accepted`,
    );
  const house: House = {
    binary: await redisBinary(),
    home: await ownDirectory('redis-sentinel'),
    credentials: administrator(),
    begun: [],
  };
  try {
    const servers = await startServers(house, replicas, settings);
    const master = `${name} 127.0.0.1 ${servers[0]?.port} ${Math.floor(sentinels / 2) + 1}`;
    const { username, password } = house.credentials;
    const fixed = {
      'sentinel monitor': master,
      'sentinel down-after-milliseconds': `${name} ${downAfter}`,
      'sentinel failover-timeout': `${name} ${failoverTimeout}`,
      'sentinel auth-user': `${name} ${username}`,
      'sentinel auth-pass': `${name} ${password}`,
    };
    const watchers = await allStarted(
      Array.from({ length: sentinels }, (_, index) =>
        begin(house, `sentinel-${index}`, { fixed, settings: {}, options: ['--sentinel'] }),
      ),
    );
    const own = new WatchingSentinels(name, servers, watchers, house.home);
    await own.acquainted();
    return own;
  } catch (error) {
    await Promise.all(house.begun.map((server) => server.stop()));
    await house.home.remove();
    throw error;
  }
}

interface House {
  readonly binary: RedisBinary;
  readonly home: OwnedDirectory;
  readonly credentials: Credentials;
  /** All that runs in it. */
  readonly begun: GuardedServer[];
}

/** The master comes first. */
async function startServers(
  house: House,
  replicas: number,
  settings: ServerSettings,
): Promise<GuardedServer[]> {
  const { username, password } = house.credentials;
  const fixed = { masteruser: username, masterauth: password, 'repl-diskless-sync-delay': 0 };
  const master = await begin(house, 'server-0', { fixed, settings });
  const copying = { ...fixed, replicaof: `127.0.0.1 ${master.port}` };
  const copies = await allStarted(
    Array.from({ length: replicas }, (_, index) =>
      begin(house, `server-${index + 1}`, { fixed: copying, settings }),
    ),
  );
  await waitUntil(async () => {
    const infos = await Promise.all(copies.map((copy) => copy.command('INFO', 'replication')));
    const isReady = infos.every((info) => String(info).includes('master_link_status:up'));
    return isReady ? undefined : 'not every replica has the data';
  }, PATIENCE_MS);
  return [master, ...copies];
}

function begin(
  { binary, home, credentials, begun }: House,
  name: string,
  plan: Pick<ServerPlan, 'fixed' | 'settings' | 'options'>,
): Promise<GuardedServer> {
  return onFreePort(undefined, async (port, attempt) => {
    const directory = join(home.path, `${name}-${attempt}`);
    const server = new GuardedServer({ binary, directory, port, tlsPort: undefined, credentials, ...plan });
    await server.begin();
    begun.push(server);
    return server;
  });
}
