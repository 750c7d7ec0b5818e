import type { Access } from './access.js';
import { type Address, addressIn, nameOf } from './address.js';
import type { RedisCacheOptions, RedisClusterOptions, RedisNode, RedisSentinelOptions } from './options.js';
import { credentials, text } from './read-option.js';
import { refuse, refuseSecret } from './refuse.js';
import { tlsOption, tlsSocket } from './tls-socket.js';

/** Where to ask which server has what. */
export interface Places {
  readonly nodes: readonly Address[];
  /** Where to connect to reach the server that others know by this address. */
  readonly dialled: (address: Address) => Address;
  /** What the sentinels are asked for, and how to enter them. Absent: `nodes` are of a cluster. */
  readonly sentinel?: { readonly name: string; readonly access: Access };
}

/** Places, and whether the addresses of the servers ask for TLS. */
interface Found {
  readonly places: Places;
  readonly tls: boolean;
}

const CLUSTER_PORT = 6_379;
const SENTINEL_PORT = 26_379;
const ELSEWHERE = ['url', 'host', 'port', 'client'] as const;

/**
 * What `cluster` or `sentinel` says; `undefined` where neither is given.
 *
 * @throws ConfigurationError naming the option, what it is and what is accepted.
 */
export function placesIn(options: RedisCacheOptions): Found | undefined {
  const { cluster, sentinel } = options;
  if (cluster === undefined && sentinel === undefined) {
    if (options.addresses !== undefined)
      throw refuse('addresses', options.addresses, 'nothing without "cluster" or "sentinel"');
    return undefined;
  }
  const kind = cluster === undefined ? 'sentinel' : 'cluster';
  const excluded = kind === 'cluster' ? [...ELSEWHERE, 'sentinel', 'db'] : ELSEWHERE;
  const beside = excluded.find((name) => options[name as keyof RedisCacheOptions] !== undefined);
  if (beside !== undefined)
    throw refuse(beside, options[beside as keyof RedisCacheOptions], `nothing beside "${kind}"`);
  const dialled = translation(options.addresses);
  if (cluster !== undefined) {
    const { nodes, tls } = nodesOf('cluster', asObject('cluster', cluster, ['nodes']), CLUSTER_PORT);
    return { places: { nodes, dialled }, tls };
  }
  return { places: { ...sentinelsIn(sentinel), dialled }, tls: false };
}

function sentinelsIn(options: RedisSentinelOptions | undefined): Pick<Places, 'nodes' | 'sentinel'> {
  const given = asObject('sentinel', options, ['name', 'nodes', 'username', 'password', 'tls']);
  const name = text('sentinel.name', given.name);
  if (name === undefined)
    throw refuse('sentinel.name', name, 'the name of the master, as the sentinels know it');
  const { nodes, tls } = nodesOf('sentinel', given, SENTINEL_PORT);
  if (tls && given.tls === false)
    throw refuse('sentinel.tls', false, 'true or an object, as "sentinel.nodes" ask for TLS');
  const socket = tlsSocket(tlsOption('sentinel.tls', given.tls, tls)) as NonNullable<Access['socket']>;
  return { nodes, sentinel: { name, access: { socket, ...credentials(given, 'sentinel.') } } };
}

function nodesOf(
  kind: string,
  { nodes }: RedisClusterOptions,
  usualPort: number,
): { readonly nodes: readonly Address[]; readonly tls: boolean } {
  const option = `${kind}.nodes`;
  if (!Array.isArray(nodes) || nodes.length === 0)
    throw refuse(option, nodes, 'a list of one address or more');
  const read = nodes.map((node: RedisNode, at) => nodeAt(`${option}[${at}]`, node, usualPort));
  const tls = read.some((node) => node.tls);
  if (tls && read.some((node) => !node.tls))
    throw refuse(option, nodes, 'addresses that all ask for TLS, or none of them');
  return { nodes: read.map(({ address }) => address), tls };
}

function nodeAt(option: string, node: RedisNode, usualPort: number): { address: Address; tls: boolean } {
  const accepted = '"host:port", a URL with no more than host and port, or { host, port }';
  const [, scheme, rest] = typeof node === 'string' ? (/^([a-z]+):\/\/(.*?)\/?$/s.exec(node) ?? []) : [];
  const written = typeof node === 'object' && node !== null ? hostAndPort(node) : (rest ?? node);
  const isKnown = scheme === undefined || ['redis', 'valkey', 'rediss', 'valkeys'].includes(scheme);
  const address = typeof written === 'string' && isKnown ? addressIn(written, usualPort) : undefined;
  if (address === undefined) throw refuse(option, node, accepted);
  return { address, tls: scheme === 'rediss' || scheme === 'valkeys' };
}

/** As text, so that there is one way to judge it; `undefined` where it cannot be meant. */
function hostAndPort({ host, port, ...more }: Exclude<RedisNode, string>): string | undefined {
  const isPort = port === undefined || (typeof port === 'number' && Number.isInteger(port));
  if (typeof host !== 'string' || !isPort || Object.keys(more).length > 0) return undefined;
  const name = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
  return port === undefined ? name : `${name}:${port}`;
}

function translation(addresses: unknown): (address: Address) => Address {
  if (addresses === undefined) return (address) => address;
  const accepted = 'an object of { "host:port": "host:port" }';
  if (typeof addresses !== 'object' || addresses === null || Array.isArray(addresses))
    throw refuse('addresses', addresses, accepted);
  const known = new Map<string, Address>();
  for (const [from, to] of Object.entries(addresses)) {
    const [said, dialled] = [addressIn(from), typeof to === 'string' ? addressIn(to) : undefined];
    if (said === undefined) throw refuse('addresses', from, accepted);
    if (dialled === undefined) throw refuse(`addresses[${JSON.stringify(from)}]`, to, 'a text "host:port"');
    known.set(nameOf(said), dialled);
  }
  return (address) => known.get(nameOf(address)) ?? address;
}

function asObject<T extends object>(option: string, value: T | undefined, names: readonly string[]): T {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw refuse(option, value, `an object of ${names.join(', ')}`);
  const unknown = Object.keys(value).find((name) => !names.includes(name));
  if (unknown === undefined) return value;
  // Not shown: it may be a password under a misspelt name.
  throw refuseSecret(
    `${option}.${unknown}`,
    value[unknown as keyof T],
    `no option of this name, only ${names.join(', ')}`,
  );
}
