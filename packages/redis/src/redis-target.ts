import type { Access, RedisClientTemplate } from './access.js';
import type { Address } from './address.js';
import { ATOMIC_OPTION_NAMES } from './atomic/atomic-options.js';
import { GUARD_OPTION_NAMES, OPTION_NAMES, type RedisCacheOptions } from './options.js';
import { type Places, placesIn } from './places.js';
import { credentials, hostName, text, wholeNumber } from './read-option.js';
import { parseRedisUrl, type RedisUrl } from './redis-url.js';
import { refuse } from './refuse.js';
import { tlsOption, tlsSocket } from './tls-socket.js';
import type { Wire } from './wire.js';

/** Where to connect, and how long to wait there. */
export interface RedisTarget {
  readonly access: Access;
  readonly connectTimeoutMs: number;
  readonly closeTimeoutMs: number;
  /** How long operations wait for the first attempt to connect, asked when it begins. Absent: for its outcome. */
  readonly patienceMs?: () => number;
  /** The most connections for one user at a time. */
  readonly isolatedConnections: number;
  /** Rejects when the server that was reached is not one to use; the attempt has failed then. */
  readonly inspect?: (wire: Wire) => Promise<void>;
}

/** Options, checked and complete. With `places`, `access` says how to enter the servers that are found through them. */
export interface RedisOptions extends RedisTarget {
  readonly places?: Places;
}

/** The target for one server of several. */
export function targetAt(target: RedisTarget, { host, port }: Address): RedisTarget {
  const socket = { ...target.access.socket, host, port };
  return { ...target, access: { ...target.access, socket } };
}

/** The longest delay a timer can carry, and the greatest number a database can have. */
const GREATEST = 2_147_483_647;

/** @throws ConfigurationError naming the option, what it is and what is accepted. */
export function redisTarget(options: RedisCacheOptions): RedisOptions {
  if (typeof options !== 'object' || options === null) throw refuse('options', options, 'an object');
  const unknown = Object.keys(options).find((name) => !(OPTION_NAMES as readonly string[]).includes(name));
  if (unknown !== undefined) {
    const value = options[unknown as keyof RedisCacheOptions];
    throw refuse(unknown, value, `no option of this name, only ${OPTION_NAMES.join(', ')}`);
  }
  const times = {
    connectTimeoutMs: wholeNumber('connectTimeoutMs', options.connectTimeoutMs, 1, GREATEST) ?? 2_000,
    closeTimeoutMs: wholeNumber('closeTimeoutMs', options.closeTimeoutMs, 0, GREATEST) ?? 1_000,
    isolatedConnections: wholeNumber('isolatedConnections', options.isolatedConnections, 1, 64) ?? 8,
  };
  const found = placesIn(options);
  if (found !== undefined)
    return Object.freeze({ access: accessTo(options, found.tls), ...times, places: found.places });
  const access =
    options.client === undefined ? accessByAddress(options) : accessLike(options.client, options);
  return Object.freeze({ access, ...times });
}

/** To servers whose addresses are not known yet. */
function accessTo(options: RedisCacheOptions, tls: boolean): Access {
  if (tls && options.tls === false)
    throw refuse('tls', false, 'true or an object, as "cluster.nodes" ask for TLS');
  const database = wholeNumber('db', options.db, 0, GREATEST);
  return {
    socket: tlsSocket(tlsOption('tls', options.tls, tls)),
    ...(database !== undefined && { database }),
    ...credentials(options),
  };
}

function accessByAddress(options: RedisCacheOptions): Access {
  const address = text('url', options.url);
  const url: RedisUrl = address === undefined ? { tls: false } : parseRedisUrl(address);
  for (const name of ['host', 'port'] as const) {
    if (address !== undefined && options[name] !== undefined)
      throw refuse(name, options[name], 'nothing beside "url"');
  }
  for (const name of ['db', 'username', 'password'] as const) {
    const twice = url[name] !== undefined && options[name] !== undefined;
    if (twice)
      throw refuse(name, name === 'password' ? '***' : options[name], 'nothing, as "url" says it already');
  }
  const database = url.db ?? wholeNumber('db', options.db, 0, GREATEST);
  const username = url.username ?? options.username;
  const password = url.password ?? options.password;
  return {
    socket: socketTo(url, options),
    ...(database !== undefined && { database }),
    ...credentials({ username, password }),
  };
}

function socketTo(url: RedisUrl, options: RedisCacheOptions): NonNullable<Access['socket']> {
  const tls = tlsOption('tls', options.tls, url.tls);
  if (url.path !== undefined) {
    if (tls !== false) throw refuse('tls', tls, 'false, as "url" names a Unix socket');
    return { path: url.path, tls };
  }
  if (url.tls && tls === false) throw refuse('tls', tls, 'true or an object, as "url" asks for TLS');
  const host = url.host ?? hostName(options.host) ?? 'localhost';
  const port = url.port ?? wholeNumber('port', options.port, 1, 65_535) ?? 6_379;
  return { ...tlsSocket(tls), host, port };
}

function accessLike(client: RedisClientTemplate, options: RedisCacheOptions): Access {
  // A cluster, a sentinel or a pool lacks one of the two; a test by class would fail for another copy of node-redis.
  if (typeof client !== 'object' || client === null || !('socketEpoch' in client) || !('options' in client)) {
    throw refuse('client', client, 'a node-redis client of one server, as made by createClient');
  }
  const times = ['connectTimeoutMs', 'closeTimeoutMs'];
  const own: readonly string[] = ['client', ...times, ...GUARD_OPTION_NAMES, ...ATOMIC_OPTION_NAMES];
  const beside = OPTION_NAMES.find((name) => options[name] !== undefined && !own.includes(name));
  if (beside !== undefined) throw refuse('client', client, `nothing, as "${beside}" is given too`);
  const { keyPrefix, socket, username, password, credentialsProvider, database, name, RESP } = client.options;
  if (keyPrefix !== undefined && keyPrefix.length > 0) {
    throw refuse('client', client, 'a client without keyPrefix (the namespace of the cache does its work)');
  }
  const taken = { socket, username, password, credentialsProvider, database, name, RESP };
  return Object.fromEntries(Object.entries(taken).filter(([, value]) => value !== undefined));
}
