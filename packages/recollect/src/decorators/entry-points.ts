import type { CacheConfig } from '../runtime/config.js';
import { defaultHost } from '../runtime/default-host.js';
import { RuntimeHost } from '../runtime/host.js';
import type { Cache } from './cache.js';
import { cachedFor } from './cached.js';
import { type CachedFunctionMaker, cachedFunctionFor } from './cached-function.js';
import { HostedCache } from './hosted-cache.js';
import { type Invalidates, invalidatesFor } from './invalidates.js';
import type { Cached } from './types.js';

/** Memoizes a method or getter of the process-wide runtime. Works in both dialects of decorators. */
export const cached: Cached = cachedFor(defaultHost);

/** Declares entries of a cached method wrong after another method has succeeded. */
export const invalidates: Invalidates = invalidatesFor(defaultHost);

/** Memoizes a function of the process-wide runtime. */
export const cachedFunction: CachedFunctionMaker = cachedFunctionFor(defaultHost);

/**
 * Configures the process-wide runtime and rebinds every method decorated so far, or decorated later, to it. The runtime
 * before it is ended behind.
 *
 * @throws ConfigurationError naming the option, its value and what is accepted; the runtime before stays in place.
 */
export function configureCache(config: CacheConfig): Cache {
  const host = defaultHost();
  return new HostedCache(host, host.configure(config));
}

/** The process-wide runtime: as configured last, or the embedded default, `SimpleCache` without a shared tier. */
export function currentCache(): Cache {
  const host = defaultHost();
  return new HostedCache(host, host.current);
}

/** A runtime of its own, with decorators of its own. */
export function createCache(config: CacheConfig = {}): Cache {
  const host = new RuntimeHost();
  return new HostedCache(host, host.configure(config));
}
