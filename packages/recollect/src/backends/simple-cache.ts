import type { BackendContext } from '../ports/backend-context.js';
import type { BoundedOptions } from './bounded-options.js';
import { BoundedStore } from './bounded-store.js';

export interface SimpleCacheOptions extends BoundedOptions {}

/**
 * The local tier in memory, with copies: each caller gets a value of its own, so that nobody can change what others
 * will read. Bounded by count, and by bytes when asked; what goes first is a matter of `eviction`, an immortal entry goes last.
 *
 * A class to extend: an override of `get` sees every read, because hits then no longer bypass it.
 *
 * @throws ConfigurationError for a bound that is not a positive whole number.
 */
export class SimpleCache extends BoundedStore {
  readonly kind: string = 'SimpleCache';
  readonly isolation = 'copy' as const;

  constructor(options: SimpleCacheOptions, context: BackendContext) {
    super('SimpleCache', options, context);
  }
}
