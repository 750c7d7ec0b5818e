import { type Duration, toMilliseconds } from '../model/duration.js';
import { ConfigurationError } from '../model/errors.js';
import { shown } from '../model/shown.js';
import type { WaiterLimits } from '../resilience/waiters.js';

/** How leases behave: for `atomicWrites` and `lease`. */
export interface LeaseOptions {
  /** What a lease lives without being renewed, and so how long others wait when its holder dies. Default two seconds. */
  readonly duration?: Duration;
  /** How long a caller waits for the load of another. Default five seconds. */
  readonly wait?: Duration;
  /** How long a load may go on renewing its lease. Default five minutes. */
  readonly longestLoad?: Duration;
  /** `at_most_once`: how long it is remembered that a method has started and not ended; at least its `ttl`. Default one day. */
  readonly retention?: Duration;
  /** How many callers of this process may wait for one key. Default 10,000. */
  readonly maxWaiters?: number;
  /** The same for all keys together. Default 100,000. */
  readonly maxWaitersInAll?: number;
}

/** The same, complete and in milliseconds. */
export interface LeaseLimits extends WaiterLimits {
  readonly durationMs: number;
  readonly waitMs: number;
  readonly longestLoadMs: number;
  readonly retentionMs: number;
}

const DURATIONS = {
  duration: { seconds: 2 },
  wait: { seconds: 5 },
  longestLoad: { minutes: 5 },
  retention: { days: 1 },
} as const;
const COUNTS = { maxWaiters: 10_000, maxWaitersInAll: 100_000 } as const;

/** @throws ConfigurationError naming the option, its value and what is accepted. */
export function leaseLimits(options: LeaseOptions = {}): LeaseLimits {
  const known = [...Object.keys(DURATIONS), ...Object.keys(COUNTS)];
  for (const option of Object.keys(options)) {
    if (!known.includes(option))
      throw new ConfigurationError(`leases: '${option}' is unknown; accepted: ${known.join(', ')}`);
  }
  const ms = (option: keyof typeof DURATIONS): number => {
    const value = toMilliseconds(options[option] ?? DURATIONS[option], `leases.${option}`);
    if (value > 0) return value;
    throw new ConfigurationError(`leases.${option} is 0; accepted: a time from 1 ms`);
  };
  const count = (option: keyof typeof COUNTS): number => {
    const value = options[option] ?? COUNTS[option];
    if (Number.isSafeInteger(value) && value > 0) return value;
    throw new ConfigurationError(`leases.${option} is ${shown(value)}; accepted: a whole number from 1`);
  };
  return Object.freeze({
    durationMs: ms('duration'),
    waitMs: ms('wait'),
    longestLoadMs: ms('longestLoad'),
    retentionMs: ms('retention'),
    maxWaiters: count('maxWaiters'),
    maxWaitersInAll: count('maxWaitersInAll'),
  });
}
