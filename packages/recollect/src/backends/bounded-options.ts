import { ConfigurationError } from '../model/errors.js';
import { shown } from '../model/shown.js';
import { type Eviction, POLICIES } from './eviction/policies.js';

/** How much a local backend may hold. */
export interface Bounds {
  /** The most entries held at once; a positive whole number. Default 500. */
  readonly threshold?: number;
  /** The most bytes charged at once (two per key character, the value's size, 200 per entry). Default `Infinity`: not bounded. */
  readonly maxBytes?: number;
}

/** How much a local backend may hold, and what makes room when it is full. */
export interface BoundedOptions extends Bounds {
  /** What makes room: the entry used least recently, the one that came first, or the least promising. Default `'lru'`. */
  readonly eviction?: Eviction;
}

/** @throws ConfigurationError for an option that is not known, and for an unknown policy. */
export function evictionOf(kind: string, options: BoundedOptions, known: readonly string[]): Eviction {
  const accepted = ['threshold', 'maxBytes', 'eviction', ...known];
  const unknown = Object.keys(options).find((option) => !accepted.includes(option));
  if (unknown !== undefined)
    throw new ConfigurationError(`${kind}: '${unknown}' is unknown; accepted: ${accepted.join(', ')}`);
  const { eviction = 'lru' } = options;
  if (Object.hasOwn(POLICIES, eviction)) return eviction;
  const policies = Object.keys(POLICIES).join(', ');
  throw new ConfigurationError(`${kind}: eviction is ${shown(eviction)}; it accepts ${policies}`);
}

/** @throws ConfigurationError for anything but a positive whole number. */
export function positive(kind: string, option: string, value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value;
  throw new ConfigurationError(`${kind}: ${option} is ${shown(value)}; it accepts a positive whole number`);
}
