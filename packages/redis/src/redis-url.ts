import { refuse } from './refuse.js';

/** What a URL says; a part that it leaves out is absent. */
export interface RedisUrl {
  readonly host?: string;
  readonly port?: number;
  /** Of a Unix socket; excludes host and port. */
  readonly path?: string;
  readonly tls: boolean;
  readonly db?: number;
  readonly username?: string;
  readonly password?: string;
}

const ACCEPTED = 'redis://[[username][:password]@]host[:port][/db], rediss://… or unix:///path[?db=N]';

/**
 * Reads the address itself, because node-redis ignores what it does not know in a URL and, where the URL has a
 * username only, loses a password given beside it. Schemes: IANA `redis` and `rediss`.
 *
 * @throws ConfigurationError with the secret blanked out.
 */
export function parseRedisUrl(text: string): RedisUrl {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) throw refuse('url', text, ACCEPTED);
  switch (url.protocol) {
    case 'redis:':
    case 'valkey:':
      return networkAddress(url, text, false);
    case 'rediss:':
    case 'valkeys:':
      return networkAddress(url, text, true);
    case 'unix:':
      return socketAddress(url, text);
    default:
      throw refuse('url', text, ACCEPTED);
  }
}

function networkAddress(url: URL, text: string, tls: boolean): RedisUrl {
  const db = url.pathname.replace(/^\//, '');
  if (url.search !== '' || url.hash !== '' || !/^\d*$/.test(db)) throw refuse('url', text, ACCEPTED);
  return {
    tls,
    ...(url.hostname !== '' && { host: url.hostname.replace(/^\[(.*)\]$/, '$1') }),
    ...(url.port !== '' && { port: Number(url.port) }),
    ...(db !== '' && { db: Number(db) }),
    ...(url.username !== '' && { username: decoded(url.username, text) }),
    ...(url.password !== '' && { password: decoded(url.password, text) }),
  };
}

function socketAddress(url: URL, text: string): RedisUrl {
  const db = url.searchParams.get('db');
  const known = url.search === '' || (url.searchParams.size === 1 && db !== null && /^\d+$/.test(db));
  if (url.host !== '' || url.pathname.length < 2 || url.hash !== '' || !known)
    throw refuse('url', text, ACCEPTED);
  return { tls: false, path: decoded(url.pathname, text), ...(db !== null && { db: Number(db) }) };
}

function decoded(part: string, text: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw refuse('url', text, `${ACCEPTED}, with percent signs written as %25`);
  }
}
