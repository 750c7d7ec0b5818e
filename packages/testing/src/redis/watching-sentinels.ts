import type { GuardedServer } from './guarded-server.js';
import type { OwnSentinels } from './own-sentinels.js';
import type { OwnServer } from './own-server.js';
import type { OwnedDirectory } from './owned-directory.js';
import { waitUntil } from './wait-until.js';

const PATIENCE_MS = 20_000;

export class WatchingSentinels implements OwnSentinels {
  readonly name: string;
  readonly servers: readonly GuardedServer[];
  readonly sentinelServers: readonly GuardedServer[];
  readonly #home: OwnedDirectory;

  constructor(
    name: string,
    servers: readonly GuardedServer[],
    sentinels: readonly GuardedServer[],
    home: OwnedDirectory,
  ) {
    this.name = name;
    this.servers = servers;
    this.sentinelServers = sentinels;
    this.#home = home;
  }

  get sentinels(): readonly { readonly host: string; readonly port: number }[] {
    return this.sentinelServers.map(({ port }) => ({ host: '127.0.0.1', port }));
  }

  async master(): Promise<OwnServer> {
    const named = await this.#named();
    const votes = (port: number) => named.filter((each) => each === port).length;
    const [first] = [...named].sort((a, b) => votes(b) - votes(a));
    const master = this.servers.find(({ port }) => port === first);
    if (master === undefined) throw new Error(`no sentinel names a master of '${this.name}'`);
    return master;
  }

  async replicas(): Promise<readonly OwnServer[]> {
    const master = await this.master();
    return this.servers.filter((server) => server !== master && server.isRunning);
  }

  async failover(): Promise<OwnServer> {
    const old = await this.master();
    // A sentinel refuses while it is at it, and until it has heard of the replica lately enough.
    await waitUntil(async () => {
      const [leader] = this.#watching();
      if (leader === undefined) throw new Error('no sentinel runs');
      await leader.command('SENTINEL', 'FAILOVER', this.name);
      return undefined;
    }, PATIENCE_MS);
    return this.masterOtherThan(old);
  }

  async masterOtherThan(old: OwnServer): Promise<OwnServer> {
    let master = old;
    await waitUntil(async () => {
      const named = new Set(await this.#named());
      master = await this.master();
      if (named.size > 1 || master === old) return `the sentinels name the master at ports ${[...named]}`;
      const role = await master.command('ROLE');
      return Array.isArray(role) && role[0] === 'master' ? undefined : `port ${master.port} is no master yet`;
    }, PATIENCE_MS);
    return master;
  }

  /** Resolves when every sentinel knows all others and all servers, and holds all of them to be up. */
  acquainted(): Promise<void> {
    return waitUntil(async () => {
      const strangers = await Promise.all(this.sentinelServers.map((sentinel) => this.#unknownTo(sentinel)));
      return strangers.find((stranger) => stranger !== undefined);
    }, PATIENCE_MS);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.sentinelServers, ...this.servers].map((server) => server.stop()));
    await this.#home.remove();
  }

  #watching(): readonly GuardedServer[] {
    return this.sentinelServers.filter(({ isRunning }) => isRunning);
  }

  /** The port of the master as each sentinel that answers has it. */
  async #named(): Promise<number[]> {
    const ask = async (sentinel: GuardedServer) => {
      const address = await sentinel.command('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', this.name);
      return Array.isArray(address) ? Number(address[1]) : 0;
    };
    const answers = await Promise.all(this.#watching().map((sentinel) => ask(sentinel).catch(() => 0)));
    return answers.filter((port) => port > 0);
  }

  async #unknownTo(sentinel: GuardedServer): Promise<string | undefined> {
    const where = `the sentinel at port ${sentinel.port}`;
    const list = async (what: string, property: string) =>
      listed(await sentinel.command('SENTINEL', what, this.name)).map((each) => each.get(property));
    const others = await list('SENTINELS', 'flags');
    if (others.length !== this.sentinelServers.length - 1 || others.some((flags) => flags !== 'sentinel'))
      return `${where} knows ${others.length} others (${others})`;
    const replicas = await list('REPLICAS', 'flags');
    if (replicas.length !== this.servers.length - 1 || replicas.some((flags) => flags !== 'slave'))
      return `${where} knows ${replicas.length} replicas (${replicas})`;
    const links = await list('REPLICAS', 'master-link-status');
    return links.every((link) => link === 'ok') ? undefined : `${where} has a replica without its master`;
  }
}

/** The properties of each, from lists in which name and value take turns. */
function listed(reply: unknown): Map<unknown, unknown>[] {
  const rows: readonly (readonly unknown[])[] = Array.isArray(reply) ? reply : [];
  return rows.map((row) => {
    const pairs = row.flatMap((name, index) => (index % 2 === 0 ? [[name, row[index + 1]] as const] : []));
    return new Map(pairs);
  });
}
