import { ConfigurationError } from '../model/errors.js';
import { findBlueprint } from './blueprints.js';
import { handleOf } from './handle.js';
import type { CacheHandles } from './types.js';

/**
 * The handles of an instance's cached methods: `cacheOf(service).profile.invalidate('u1')`. For static methods give the
 * class.
 *
 * @throws ConfigurationError on access to a member that is not cached.
 */
export function cacheOf<T extends object>(target: T): CacheHandles<T> {
  return new Proxy({} as CacheHandles<T>, {
    get(_handles, key) {
      const blueprint = findBlueprint(target, key);
      if (blueprint !== undefined) return handleOf(blueprint, target);
      // A promise-aware caller asks any object for `then`; it is not a member that somebody forgot to cache.
      if (key === 'then' || typeof key === 'symbol') return undefined;
      throw new ConfigurationError(
        `cacheOf(…).${key}: no such cached member; accepted: members decorated with @cached`,
      );
    },
  });
}
