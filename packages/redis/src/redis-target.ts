import type { Access, RedisClientTemplate } from './access.js';
import { GUARD_OPTION_NAMES, OPTION_NAMES, type RedisCacheOptions } from './options.js';
import { hostName, secretText, text, wholeNumber } from './read-option.js';
import { parseRedisUrl, type RedisUrl } from './redis-url.js';
import { refuse } from './refuse.js';

/** Options, checked and complete. */
export interface RedisTarget {
  readonly access: Access;
  readonly connectTimeoutMs: number;
  readonly closeTimeoutMs: number;
}

/** The longest delay a timer can carry, and the greatest number a database can have. */
const GREATEST = 2_147_483_647;

/** @throws ConfigurationError naming the option, what it is and what is accepted. */
export function redisTarget(options: RedisCacheOptions): RedisTarget {
  if (typeof options !== 'object' || options === null) throw refuse('options', options, 'an object');
  const unknown = Object.keys(options).find((name) => !(OPTION_NAMES as readonly string[]).includes(name));
  if (unknown !== undefined) {
    const value = options[unknown as keyof RedisCacheOptions];
    throw refuse(unknown, value, `no option of this name, only ${OPTION_NAMES.join(', ')}`);
  }
  return Object.freeze({
    access: options.client === undefined ? accessByAddress(options) : accessLike(options.client, options),
    connectTimeoutMs: wholeNumber('connectTimeoutMs', options.connectTimeoutMs, 1, GREATEST) ?? 2_000,
    closeTimeoutMs: wholeNumber('closeTimeoutMs', options.closeTimeoutMs, 0, GREATEST) ?? 1_000,
  });
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
  const username = url.username ?? text('username', options.username);
  const password = url.password ?? secretText('password', options.password);
  if (username !== undefined && password === undefined)
    throw refuse('username', username, 'a name with a "password"');
  return {
    socket: socketTo(url, options),
    ...(database !== undefined && { database }),
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
  };
}

function socketTo(url: RedisUrl, options: RedisCacheOptions): NonNullable<Access['socket']> {
  const { tls = url.tls } = options;
  if (typeof tls !== 'boolean' && (typeof tls !== 'object' || tls === null)) {
    throw refuse('tls', tls, 'true, false or an object of TLS options');
  }
  if (url.path !== undefined) {
    if (tls !== false) throw refuse('tls', tls, 'false, as "url" names a Unix socket');
    return { path: url.path, tls };
  }
  if (url.tls && tls === false) throw refuse('tls', tls, 'true or an object, as "url" asks for TLS');
  const host = url.host ?? hostName(options.host) ?? 'localhost';
  const port = url.port ?? wholeNumber('port', options.port, 1, 65_535) ?? 6_379;
  return tls === false ? { host, port } : { ...(tls !== true && tls), host, port, tls: true };
}

function accessLike(client: RedisClientTemplate, options: RedisCacheOptions): Access {
  // A cluster, a sentinel or a pool lacks one of the two; a test by class would fail for another copy of node-redis.
  if (typeof client !== 'object' || client === null || !('socketEpoch' in client) || !('options' in client)) {
    throw refuse('client', client, 'a node-redis client of one server, as made by createClient');
  }
  const own: readonly string[] = ['client', 'connectTimeoutMs', 'closeTimeoutMs', ...GUARD_OPTION_NAMES];
  const beside = OPTION_NAMES.find((name) => options[name] !== undefined && !own.includes(name));
  if (beside !== undefined) throw refuse('client', client, `nothing, as "${beside}" is given too`);
  const { keyPrefix, socket, username, password, credentialsProvider, database, name, RESP } = client.options;
  if (keyPrefix !== undefined && keyPrefix.length > 0) {
    throw refuse('client', client, 'a client without keyPrefix (the namespace of the cache does its work)');
  }
  const taken = { socket, username, password, credentialsProvider, database, name, RESP };
  return Object.fromEntries(Object.entries(taken).filter(([, value]) => value !== undefined));
}
