import type { Failure } from '../ports/observer.js';
import type { Binding } from './binding.js';

/** Counts and reports a degraded decision at a site: what is answered is right, but not by way of the cache. */
export function failed(
  { counters, monitor, name }: Pick<Binding, 'counters' | 'monitor' | 'name'>,
  operation: Failure['operation'],
  error: unknown,
): void {
  counters.failures++;
  monitor.failure({ operation, site: name, error });
}
