import type { ConnectionOptions } from 'node:tls';
import type { GuardOptions } from 'recollect/guard';
import type { RedisClientTemplate } from './access.js';
import { ATOMIC_OPTION_NAMES, type AtomicOptions } from './atomic/atomic-options.js';

/** `host:port`, a URL that says no more than that (`rediss:` asks for TLS everywhere), or both by name. */
export type RedisNode = string | { readonly host: string; readonly port?: number | undefined };

/** A Redis Cluster. */
export interface RedisClusterOptions {
  /** Some of its nodes, each of which knows the others; which has what is asked of any that answers. Usual port 6,379. */
  readonly nodes: readonly RedisNode[];
}

/** Sentinels, and the master they watch. */
export interface RedisSentinelOptions {
  /** By which the sentinels know the master. */
  readonly name: string;
  /** Some of the sentinels, or all. Usual port 26,379. */
  readonly nodes: readonly RedisNode[];
  /** At the sentinels, as the three below; what is outside of `sentinel` is for the servers that hold data. Needs `password`. */
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** `true`, or what Node's `tls.connect` accepts. Default: no TLS, unless a URL asks for it. */
  readonly tls?: boolean | ConnectionOptions | undefined;
}

/**
 * Where Redis (or Valkey) is, how long to wait for it and when to stop asking it. A step of `scan` or `clear` may take ten
 * times `deadlineMs`; the very first connection may take `connectTimeoutMs` on top, and in a cluster or behind sentinels as long again
 * before it, to find out where to connect. Limits and breakers are per connection, so that one server of several that
 * fails is left alone by itself. Everything is optional: with nothing given it is `localhost:6379`, database 0. Values are
 * checked in the constructor; an unknown name is refused.
 */
export interface RedisCacheOptions extends GuardOptions, AtomicOptions {
  /**
   * `redis://[[username][:password]@]host[:port][/db]`, `rediss://…` for TLS, `unix:///path/to/socket`; `valkey://` and
   * `valkeys://` mean the same. Excludes `host` and `port`; what it does not say can be said by the other options.
   */
  readonly url?: string | undefined;
  /** Default `localhost`. */
  readonly host?: string | undefined;
  /** 1 to 65,535; default 6,379. */
  readonly port?: number | undefined;
  /** Number of the database, from 0; default 0. */
  readonly db?: number | undefined;
  /** Needs `password`. Default: the user called `default`. */
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** `true`, or what Node's `tls.connect` accepts (certificates, `servername`). Default: no TLS, unless the URL asks for it. */
  readonly tls?: boolean | ConnectionOptions | undefined;
  /** How long one attempt to connect may take, name look-up and log-in included. Whole milliseconds; default 2,000. */
  readonly connectTimeoutMs?: number | undefined;
  /** How long `close()` waits for operations under way before it cuts them off. Whole milliseconds; default 1,000. */
  readonly closeTimeoutMs?: number | undefined;
  /**
   * A node-redis client of yours to take address, credentials and TLS from. A connection of our own is made with them:
   * your client is neither used, nor connected, nor closed, so that its offline queue, type mapping, WATCHes and
   * reconnect strategy cannot meet ours. Excludes all that says where the server is and who we are. Not a cluster, sentinel or pool.
   */
  readonly client?: RedisClientTemplate | undefined;
  /** A cluster, found through some of its nodes. Excludes `url`, `host`, `port`, `client`, `sentinel`, and `db`, of which it has one only. */
  readonly cluster?: RedisClusterOptions | undefined;
  /** The master that sentinels name at the moment. Excludes `url`, `host`, `port`, `client` and `cluster`. */
  readonly sentinel?: RedisSentinelOptions | undefined;
  /**
   * `{ 'host:port as the servers say it': 'host:port to connect to' }`, where the two differ: behind NAT, or in front of
   * containers. Only with `cluster` or `sentinel`. What is not in it is taken as it is.
   */
  readonly addresses?: Readonly<Record<string, string>> | undefined;
}

/** Those that the guard checks. */
export const GUARD_OPTION_NAMES = Object.freeze([
  'deadlineMs',
  'maxInFlight',
  'maxInFlightBytes',
  'breaker',
] as const);

/** Every name that may be written, in the order in which an error lists them. */
export const OPTION_NAMES: readonly (keyof RedisCacheOptions)[] = Object.freeze([
  'url',
  'host',
  'port',
  'db',
  'username',
  'password',
  'tls',
  'connectTimeoutMs',
  'closeTimeoutMs',
  ...GUARD_OPTION_NAMES,
  ...ATOMIC_OPTION_NAMES,
  'cluster',
  'sentinel',
  'addresses',
  'client',
]);
