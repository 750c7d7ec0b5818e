import type { Clock } from './clock.js';
import type { Failure } from './observer.js';

/** What the runtime hands to each backend it builds. */
export interface BackendContext {
  readonly clock: Clock;
  /** For failures outside any operation, such as a lost connection. */
  report(failure: Failure): void;
}
