import type { AtomicMode } from '../ports/atomic-store.js';
import { DURATION_UNITS, type Duration, toMilliseconds } from './duration.js';
import { ConfigurationError } from './errors.js';
import type { CachedOptions, Scope } from './options.js';
import { shown } from './shown.js';

type Arguments = readonly unknown[];

/** What the options of one site come to: every field present, milliseconds only, frozen. */
export interface Policy {
  readonly tiers: 'both' | 'local' | 'shared';
  readonly reference: boolean;
  /** `undefined`: the tier's default. */
  readonly ttl: number | ((result: unknown, args: Arguments) => Duration) | undefined;
  readonly localTtl: number;
  readonly nullTtl: number | undefined;
  readonly name: string | undefined;
  readonly version: string;
  readonly scope: Scope;
  readonly key: readonly number[] | ((...args: Arguments) => Arguments) | undefined;
  readonly unless: ((result: unknown, args: Arguments) => boolean) | undefined;
  readonly serializer: string | undefined;
  /** Absent where loads of several processes need not take turns. */
  readonly atomic: AtomicPolicy | undefined;
}

/** How loads take turns. */
export interface AtomicPolicy {
  readonly mode: AtomicMode;
  readonly numbered: boolean;
  readonly holdAfterError: boolean;
}

const KNOWN = new Set<string>([
  ...DURATION_UNITS,
  ...[
    'ttl',
    'localOnly',
    'sharedOnly',
    'noSerialization',
    'name',
    'version',
    'scope',
    'key',
    'unless',
    'nullTtl',
  ],
  ...['local', 'serializer', 'atomicWrites', 'afterError', 'lease'],
]);

/**
 * Checks the options and resolves them.
 *
 * @throws ConfigurationError naming the option, its value and what is accepted.
 */
export function resolvePolicy(options: CachedOptions, where: string): Policy {
  if (typeof options !== 'object' || options === null) throw wrong(where, 'options', options, 'an object');
  for (const option of Object.keys(options)) {
    if (!KNOWN.has(option)) throw unknown(where, option, `one of ${[...KNOWN].join(', ')}`);
  }
  const flag = (option: 'localOnly' | 'sharedOnly' | 'noSerialization'): boolean => {
    const value = options[option] ?? false;
    if (typeof value !== 'boolean') throw wrong(where, option, value, 'true or false');
    return value;
  };
  const localOnly = flag('localOnly');
  const sharedOnly = flag('sharedOnly');
  const reference = flag('noSerialization');
  if (localOnly && sharedOnly)
    throw wrong(where, 'sharedOnly', true, 'it only without localOnly: no tier would be left');
  if (reference && !localOnly) {
    throw wrong(
      where,
      'noSerialization',
      true,
      'it only with localOnly: true, because a reference cannot be shared',
    );
  }
  return Object.freeze({
    tiers: localOnly ? 'local' : sharedOnly ? 'shared' : 'both',
    reference,
    ttl: lifeOf(options, where),
    localTtl: localLife(options, sharedOnly, where),
    nullTtl: options.nullTtl === undefined ? undefined : toMilliseconds(options.nullTtl, `${where}: nullTtl`),
    name: text(options.name, 'name', where),
    version:
      typeof options.version === 'number'
        ? String(options.version)
        : (text(options.version, 'version', where) ?? ''),
    scope: scopeOf(options, localOnly, where),
    key: keyOf(options, where),
    unless: callable(options.unless, 'unless', where),
    serializer: serializerOf(options, reference, where),
    atomic: atomicOf(options, localOnly, where),
  });
}

function lifeOf(options: CachedOptions, where: string): Policy['ttl'] {
  const units = DURATION_UNITS.filter((unit) => options[unit] !== undefined);
  if (units.length > 0 && options.ttl !== undefined) {
    throw wrong(where, 'ttl', options.ttl, `either ttl or unit words, not both (${units.join(', ')} given)`);
  }
  if (typeof options.ttl === 'function') return options.ttl;
  if (options.ttl !== undefined) return toMilliseconds(options.ttl, `${where}: ttl`);
  if (units.length === 0) return undefined;
  return toMilliseconds(Object.fromEntries(units.map((unit) => [unit, options[unit]])), `${where}: ttl`);
}

function localLife(options: CachedOptions, sharedOnly: boolean, where: string): number {
  const { local } = options;
  if (local === undefined) return Number.POSITIVE_INFINITY;
  if (sharedOnly) throw wrong(where, 'local', options.local, 'it only without sharedOnly');
  for (const option of Object.keys(local))
    if (option !== 'ttl') throw unknown(where, `local.${option}`, 'ttl');
  return local.ttl === undefined
    ? Number.POSITIVE_INFINITY
    : toMilliseconds(local.ttl, `${where}: local.ttl`);
}

function scopeOf({ scope = 'auto' }: CachedOptions, localOnly: boolean, where: string): Scope {
  if (typeof scope === 'function' || scope === 'auto' || scope === 'class') return scope;
  if (scope !== 'instance')
    throw wrong(where, 'scope', scope, "'auto', 'instance', 'class' or a function of the instance");
  if (localOnly) return scope;
  throw wrong(
    where,
    'scope',
    scope,
    'it only with localOnly: true; say scope: (self) => self.id for the shared tier',
  );
}

function keyOf({ key }: CachedOptions, where: string): Policy['key'] {
  if (key === undefined || typeof key === 'function') return key;
  const positions = Array.isArray(key) && key.every((at) => Number.isInteger(at) && at >= 0);
  if (positions) return Object.freeze([...(key as readonly number[])]);
  throw wrong(where, 'key', key, 'positions of arguments from 0, or a function of the arguments');
}

function serializerOf({ serializer }: CachedOptions, reference: boolean, where: string): string | undefined {
  if (serializer !== undefined && reference) {
    throw wrong(where, 'serializer', serializer, 'it only without noSerialization');
  }
  return text(serializer, 'serializer', where);
}

function atomicOf(options: CachedOptions, localOnly: boolean, where: string): AtomicPolicy | undefined {
  const { afterError, atomicWrites: mode, lease = false } = options;
  if (mode !== undefined && mode !== 'at_least_once' && mode !== 'at_most_once')
    throw wrong(where, 'atomicWrites', mode, "'at_least_once' or 'at_most_once'");
  if (typeof lease !== 'boolean') throw wrong(where, 'lease', lease, 'true or false');
  if (lease && mode !== undefined)
    throw wrong(where, 'lease', lease, 'it only without atomicWrites, which implies it');
  const asked = mode === undefined ? (lease ? 'lease' : undefined) : 'atomicWrites';
  if (asked !== undefined && localOnly)
    throw wrong(where, asked, options[asked], 'it only without localOnly, as it is about other processes');
  if (afterError !== undefined && mode !== 'at_most_once')
    throw wrong(where, 'afterError', afterError, "it only with atomicWrites: 'at_most_once'");
  if (afterError !== undefined && afterError !== 'retry' && afterError !== 'hold')
    throw wrong(where, 'afterError', afterError, "'retry' or 'hold'");
  if (asked === undefined) return undefined;
  return { mode: mode ?? 'at_least_once', numbered: !lease, holdAfterError: afterError === 'hold' };
}

function text(value: unknown, option: string, where: string): string | undefined {
  if (value === undefined || (typeof value === 'string' && value !== '')) return value;
  throw wrong(where, option, value, 'a text that is not empty');
}

function callable(value: unknown, option: string, where: string): Policy['unless'] {
  if (value === undefined || typeof value === 'function') return value as Policy['unless'];
  throw wrong(where, option, value, 'a function');
}

function unknown(where: string, option: string, accepted: string): ConfigurationError {
  return new ConfigurationError(`${where}: '${option}' is unknown; accepted: ${accepted}`);
}

function wrong(where: string, option: string, value: unknown, accepted: string): ConfigurationError {
  return new ConfigurationError(`${where}: ${option} is ${shown(value)}; accepted: ${accepted}`);
}
