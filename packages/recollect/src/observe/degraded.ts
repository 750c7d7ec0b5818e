import { BackendError, CacheError } from '../model/errors.js';
import type { DegradedReason, Failure } from '../ports/observer.js';
import { TooLargeError } from '../serializers/too-large-error.js';

/** A count per reason, all 0. */
export function noneDegraded(): Record<DegradedReason, number> {
  return {
    'shared-read-failed': 0,
    'shared-write-failed': 0,
    'shared-delete-failed': 0,
    deadline: 0,
    overload: 0,
    'breaker-open': 0,
    undecodable: 0,
    unencodable: 0,
    'too-large': 0,
    'callback-failed': 0,
    'local-failed': 0,
    'lease-unavailable': 0,
    'lease-lost': 0,
    'fill-refused': 0,
    'invalidation-failed': 0,
    bypassed: 0,
    background: 0,
  };
}

/** Reasons by the names of a guard's errors: by name, so that applications without a guard need not load its classes. */
const GUARDED: ReadonlyMap<unknown, 'deadline' | 'overload' | 'breaker-open'> = new Map([
  ['DeadlineError', 'deadline'],
  ['OverloadError', 'overload'],
  ['OpenCircuitError', 'breaker-open'],
]);

const BY_OPERATION: Readonly<Record<Failure['operation'], DegradedReason>> = {
  read: 'shared-read-failed',
  write: 'shared-write-failed',
  delete: 'shared-delete-failed',
  decode: 'undecodable',
  encode: 'unencodable',
  lease: 'lease-unavailable',
  background: 'background',
};

/** Which limit of a guard an operation ran into, if it was one. */
export function limitOf(error: unknown): 'deadline' | 'overload' | 'breaker-open' | undefined {
  const { cause, name } = error instanceof Error ? error : { cause: undefined, name: undefined };
  // The backend's error, and what it was made of.
  return GUARDED.get(name) ?? (cause instanceof Error ? GUARDED.get(cause.name) : undefined);
}

/** The one reason that a failure is counted under. */
export function reasonOf({ operation, site, tier, error }: Failure): DegradedReason {
  if (tier === 'local') return 'local-failed';
  if (error instanceof TooLargeError) return 'too-large';
  // First of all: what may still be read though it is wrong weighs more than why.
  if (operation === 'delete' && (site !== undefined || !(error instanceof BackendError)))
    return 'invalidation-failed';
  if (operation === 'encode' && !(CacheError.is(error) && error.code === 'ERR_SERIALIZATION'))
    return 'callback-failed';
  // Not elsewhere: what a guard reports in the background, that it has opened, is no operation that it turned away.
  const limit = ['read', 'write', 'delete'].includes(operation) ? limitOf(error) : undefined;
  return limit ?? BY_OPERATION[operation];
}
