import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { GuardedServer, type ServerPlan } from './guarded-server.js';
import type { Certificates } from './make-certificates.js';
import type { OwnServer } from './own-server.js';
import { type OwnedDirectory, ownDirectory } from './owned-directory.js';
import { quietPort } from './quiet-port.js';
import { redisBinary } from './redis-binary.js';
import type { ServerSettings } from './server-settings.js';
import type { Credentials } from './tell-server.js';

const ATTEMPTS = 5;

export interface ServerOptions {
  /** By default it keeps nothing: `save ""`. */
  readonly settings?: ServerSettings;
  /** A free one by default. */
  readonly port?: number;
  /** Serves TLS too, at a port of its own; clients need no certificate unless the settings say so. */
  readonly tls?: Certificates;
}

/**
 * A server of our own on the loopback, never the one that `TEST_REDIS_URL` names.
 *
 * @throws Error where there is no program to start (see `redisBinary`), and with the server's last words when it does
 *   not come up within 15 s.
 */
export async function startServer({ settings = {}, port, tls }: ServerOptions = {}): Promise<OwnServer> {
  const binary = await redisBinary();
  const home = await ownDirectory('redis-server');
  const credentials = administrator();
  try {
    return await onFreePort(port, async (at, attempt) => {
      const tlsPort = tls === undefined ? undefined : await quietPort();
      const directory = join(home.path, String(attempt));
      const fixed = tls === undefined ? {} : { ...tlsSettings(tls), 'tls-port': tlsPort ?? 0 };
      const plan = { binary, directory, port: at, tlsPort, credentials, fixed, settings };
      const server = new LoneServer(plan, home);
      await server.begin();
      return server;
    });
  } catch (error) {
    await home.remove();
    throw error;
  }
}

/** Who may do everything on the servers of one start, whatever the tests make of the default user. */
export function administrator(): Credentials {
  return { username: 'administrator', password: randomBytes(16).toString('hex') };
}

/** Tries other ports while somebody else was faster, unless a port was asked for. */
export async function onFreePort<T>(
  wanted: number | undefined,
  start: (port: number, attempt: number) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start(wanted ?? (await quietPort()), attempt);
    } catch (error) {
      const isTaken = /in use/i.test((error as Error).message);
      if (!isTaken || wanted !== undefined || attempt === ATTEMPTS) throw error;
    }
  }
}

/** Waits for all of them, then throws what the first threw: nobody is still starting when the others are stopped. */
export async function allStarted<T>(starting: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(starting);
  return Promise.all(starting);
}

function tlsSettings({ caFile, certFile, keyFile }: Certificates): ServerSettings {
  return {
    'tls-cert-file': certFile,
    'tls-key-file': keyFile,
    'tls-ca-cert-file': caFile,
    'tls-auth-clients': 'no',
  };
}

class LoneServer extends GuardedServer {
  readonly #home: OwnedDirectory;

  constructor(plan: ServerPlan, home: OwnedDirectory) {
    super(plan);
    this.#home = home;
  }

  override async stop(): Promise<void> {
    await super.stop();
    await this.#home.remove();
  }
}
