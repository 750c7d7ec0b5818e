import type { BackendContext, Failure } from 'recollect';

/** Reports a failure from a place where an exception has nobody to go to: an event of a socket, a call that never fails. */
export function tell(context: BackendContext, failure: Failure): void {
  try {
    context.report(failure);
  } catch {
    // Whoever listens to failures must not cause one.
  }
}
