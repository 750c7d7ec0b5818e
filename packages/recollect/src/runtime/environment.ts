import { ConfigurationError } from '../model/errors.js';
import type { CacheConfig, LocalConfig, SharedConfig } from './config.js';

type Variables = Readonly<Record<string, string | undefined>>;
type Options = Record<string, unknown>;

/** What `CACHE_L1_BACKEND` and `CACHE_L2_BACKEND` call the kinds. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ['memory', 'SimpleCache'],
  ['ttl', 'SimpleCache'],
  ['lru', 'SimpleCache'],
  ['redis', 'RedisCacheNoExceptions'],
  ['valkey', 'RedisCacheNoExceptions'],
  ['none', 'NullCache'],
]);

const LOCAL_KINDS: ReadonlySet<string> = new Set(['SimpleCache', 'SimpleCacheNoSerializer', 'NullCache']);

/**
 * A config from environment variables, for `configureCache({ ...configFromEnv(process.env), use: [redis()] })`.
 *
 * `CACHE_TYPE` names the backend: a local kind becomes the local tier with no shared one, `NullCache` switches caching off,
 * anything else becomes the shared tier. `CACHE_L2_BACKEND` (`redis`, `valkey`) and `CACHE_L1_BACKEND` say the tiers
 * separately; `LOCALCACHE_TYPE`, `LOCALCACHE_THRESHOLD` and `LOCALCACHE_DEFAULT_TIMEOUT` speak of the local tier.
 * Timeouts named `DEFAULT_TIMEOUT` are seconds, those of connections too.
 *
 * @throws ConfigurationError naming the variable, its value and what is accepted.
 */
export function configFromEnv(env: Variables): CacheConfig {
  const type = kindOf(env, 'CACHE_TYPE');
  const localType = kindOf(env, 'LOCALCACHE_TYPE') ?? kindOf(env, 'CACHE_L1_BACKEND');
  const localKind = localType ?? (type !== undefined && LOCAL_KINDS.has(type) ? type : undefined);
  const sharedKind =
    kindOf(env, 'CACHE_L2_BACKEND') ?? (type !== undefined && !LOCAL_KINDS.has(type) ? type : undefined);
  const namespace = text(env, 'CACHE_KEY_PREFIX')?.replace(/[:_]+$/, '');
  const local =
    localKind === undefined && !mentions(env, LOCAL_VARIABLES) ? undefined : localConfig(env, localKind);
  const shared = sharedKind === undefined ? undefined : sharedConfig(env, sharedKind);
  return {
    ...(namespace && { namespace }),
    ...(local && { local: local as unknown as LocalConfig }),
    ...(shared && { shared: shared as unknown as SharedConfig }),
  };
}

const LOCAL_VARIABLES = [
  'LOCALCACHE_THRESHOLD',
  'LOCALCACHE_DEFAULT_TIMEOUT',
  'CACHE_THRESHOLD',
  'CACHE_DEFAULT_TIMEOUT',
];

function localConfig(env: Variables, kind = 'SimpleCache'): Options {
  if (kind === 'NullCache') return { kind };
  const threshold = whole(env, 'LOCALCACHE_THRESHOLD') ?? whole(env, 'CACHE_THRESHOLD');
  const seconds = number(env, 'LOCALCACHE_DEFAULT_TIMEOUT') ?? number(env, 'CACHE_DEFAULT_TIMEOUT');
  return { kind, ...given({ threshold, defaultTtl: inSeconds(seconds) }) };
}

function sharedConfig(env: Variables, kind: string): Options {
  const defaultTtl = inSeconds(number(env, 'CACHE_DEFAULT_TIMEOUT'));
  if (kind === 'FileSystemCache') {
    return {
      kind,
      ...given({ directory: text(env, 'CACHE_DIR'), threshold: whole(env, 'CACHE_THRESHOLD'), defaultTtl }),
    };
  }
  const host = text(env, 'CACHE_REDIS_HOST');
  const isUrl = host?.includes('://') ?? false;
  return {
    kind,
    ...given({
      url: isUrl ? host : undefined,
      host: isUrl ? undefined : host,
      port: whole(env, 'CACHE_REDIS_PORT'),
      db: whole(env, 'CACHE_REDIS_DB'),
      password: text(env, 'CACHE_REDIS_PASSWORD'),
      connectTimeoutMs: milliseconds(env, 'CACHE_REDIS_CONNECT_TIMEOUT'),
      deadlineMs: milliseconds(env, 'CACHE_REDIS_SOCKET_TIMEOUT'),
      breaker: breakerConfig(env),
      defaultTtl,
    }),
  };
}

function breakerConfig(env: Variables): Options | false | undefined {
  if (flag(env, 'CACHE_CIRCUIT_BREAKER_ENABLED') === false) return false;
  const breaker = given({
    failures: whole(env, 'CACHE_CIRCUIT_BREAKER_THRESHOLD'),
    openMs: milliseconds(env, 'CACHE_CIRCUIT_BREAKER_TIMEOUT'),
  });
  return Object.keys(breaker).length === 0 ? undefined : breaker;
}

function flag(env: Variables, variable: string): boolean | undefined {
  const value = text(env, variable)?.toLowerCase();
  if (value === undefined) return undefined;
  if (['true', '1', 'yes', 'on'].includes(value)) return true;
  if (['false', '0', 'no', 'off'].includes(value)) return false;
  throw wrong(variable, value, 'true or false');
}

/** A number of seconds, in whole milliseconds. */
function milliseconds(env: Variables, variable: string): number | undefined {
  const seconds = number(env, variable);
  return seconds === undefined ? undefined : Math.round(seconds * 1_000);
}

function kindOf(env: Variables, variable: string): string | undefined {
  const value = text(env, variable);
  if (value === undefined) return undefined;
  const alias = ALIASES.get(value.toLowerCase());
  if (alias !== undefined) return alias;
  // Dotted and scheme-like names of other systems would otherwise surface as an unknown kind much later.
  if (/^[\w@./-]+(#\w+)?$/.test(value)) return value;
  throw wrong(
    variable,
    value,
    "a kind such as 'RedisCache', one of memory, redis, valkey, none, or module#Export",
  );
}

function text(env: Variables, variable: string): string | undefined {
  const value = env[variable]?.trim();
  return value === '' ? undefined : value;
}

function number(env: Variables, variable: string): number | undefined {
  const value = text(env, variable);
  if (value === undefined) return undefined;
  const parsed = Number(value);
  if (!(parsed >= 0) || !Number.isFinite(parsed)) throw wrong(variable, value, 'a number of at least 0');
  return parsed;
}

function whole(env: Variables, variable: string): number | undefined {
  const parsed = number(env, variable);
  if (parsed !== undefined && !Number.isInteger(parsed))
    throw wrong(variable, String(parsed), 'a whole number');
  return parsed;
}

function inSeconds(seconds: number | undefined): { readonly seconds: number } | undefined {
  return seconds === undefined ? undefined : { seconds };
}

function given(options: Options): Options {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function mentions(env: Variables, variables: readonly string[]): boolean {
  return variables.some((variable) => text(env, variable) !== undefined);
}

function wrong(variable: string, value: string, accepted: string): ConfigurationError {
  return new ConfigurationError(`${variable} is '${value}'; accepted: ${accepted}`);
}
