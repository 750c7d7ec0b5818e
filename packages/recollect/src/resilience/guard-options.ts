import { ConfigurationError } from '../model/errors.js';
import { shown } from '../model/shown.js';
import type { CircuitBreakerLimits } from './circuit-breaker.js';

/** When a {@link Guard} stops asking a store that fails, and when it asks again. */
export interface GuardBreakerOptions {
  /** So many failures in a row open the breaker. Default 5. */
  readonly failures?: number;
  /** Milliseconds until the store is asked again, ± 20 %; doubles with every probe that fails. Default 1,000. */
  readonly openMs?: number;
  /** What `openMs` doubles up to, ± 20 %. Default 30,000, or `openMs` where that is longer. */
  readonly longestOpenMs?: number;
  /** Milliseconds until a store that refused us is asked again. Default 30,000. */
  readonly refusedMs?: number;
}

/** What a {@link Guard} lets through. All are positive whole numbers. */
export interface GuardOptions {
  /**
   * The most milliseconds that an operation takes, from the moment it is asked for; at most an hour. It may be cut off by
   * a tenth earlier, and below 50 ms by up to 5 ms later. Default 100.
   */
  readonly deadlineMs?: number;
  /** The most operations under way. Default 1,000. */
  readonly maxInFlight?: number;
  /** The most bytes that operations under way carry. Default 64 MiB. */
  readonly maxInFlightBytes?: number;
  /** `false`: every operation is tried, however many failed before it. */
  readonly breaker?: false | GuardBreakerOptions;
}

/** The options as they are meant, complete. */
export interface GuardLimits {
  readonly deadlineMs: number;
  readonly maxInFlight: number;
  readonly maxInFlightBytes: number;
  /** `false`: nothing opens; the limits still say how many failures in a row are many. */
  readonly isBreakerOn: boolean;
  readonly breaker: CircuitBreakerLimits;
}

const LONGEST_DEADLINE_MS = 3_600_000;
const BREAKER_OPTIONS = ['failures', 'openMs', 'longestOpenMs', 'refusedMs'];

/**
 * The options with defaults in place of what is absent. Other members than those of `GuardOptions` are left to whoever
 * owns the object; `breaker` is all ours.
 *
 * @throws ConfigurationError naming the option after the name of the backend.
 */
export function guardLimits(name: string, options: GuardOptions): GuardLimits {
  const { maxInFlight, maxInFlightBytes, breaker } = options;
  const deadlineMs = whole(name, 'deadlineMs', options.deadlineMs, 100, LONGEST_DEADLINE_MS);
  const limits = breakerLimits(name, breaker === false || breaker === undefined ? {} : breaker);
  return {
    deadlineMs,
    maxInFlight: whole(name, 'maxInFlight', maxInFlight, 1_000),
    maxInFlightBytes: whole(name, 'maxInFlightBytes', maxInFlightBytes, 64 * 1024 * 1024),
    isBreakerOn: breaker !== false,
    // A failure must have the time to show before the next step.
    breaker: { ...limits, rampStepMs: Math.max(limits.openMs / 4, 2 * deadlineMs) },
  };
}

function breakerLimits(name: string, options: GuardBreakerOptions): Required<GuardBreakerOptions> {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new ConfigurationError(
      `${name}: breaker is ${shown(options)}; it accepts false or { ${BREAKER_OPTIONS.join(', ')} }`,
    );
  }
  const unknown = Object.keys(options).find((option) => !BREAKER_OPTIONS.includes(option));
  if (unknown !== undefined) {
    throw new ConfigurationError(
      `${name}: 'breaker.${unknown}' is unknown; accepted: ${BREAKER_OPTIONS.join(', ')}`,
    );
  }
  const openMs = whole(name, 'breaker.openMs', options.openMs, 1_000);
  const longest = Math.max(30_000, openMs);
  const longestOpenMs = whole(name, 'breaker.longestOpenMs', options.longestOpenMs, longest);
  if (longestOpenMs < openMs) {
    throw new ConfigurationError(
      `${name}: breaker.longestOpenMs is ${longestOpenMs}; it accepts breaker.openMs, ${openMs}, or more`,
    );
  }
  return {
    failures: whole(name, 'breaker.failures', options.failures, 5),
    openMs,
    longestOpenMs,
    refusedMs: whole(name, 'breaker.refusedMs', options.refusedMs, 30_000),
  };
}

function whole(
  name: string,
  option: string,
  value: unknown,
  otherwise: number,
  most = Number.MAX_SAFE_INTEGER,
) {
  if (value === undefined) return otherwise;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0 && value <= most) return value;
  const bound = most === Number.MAX_SAFE_INTEGER ? '' : ` up to ${most}`;
  throw new ConfigurationError(
    `${name}: ${option} is ${shown(value)}; it accepts a positive whole number${bound}`,
  );
}
