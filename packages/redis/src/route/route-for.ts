import type { BackendContext } from 'recollect';
import type { RedisCacheOptions } from '../options.js';
import { redisTarget } from '../redis-target.js';
import { ClusterRoute } from './cluster-route.js';
import type { Route } from './route.js';
import { SentinelRoute } from './sentinel-route.js';
import { StandaloneRoute } from './standalone-route.js';

/**
 * The way to the servers that the options name.
 *
 * @throws ConfigurationError naming the option, what it is and what is accepted.
 */
export function routeFor(kind: string, options: RedisCacheOptions, context: BackendContext): Route {
  const { places, ...target } = redisTarget(options);
  if (places === undefined) return new StandaloneRoute(kind, target, options, context);
  const { sentinel } = places;
  if (sentinel === undefined) return new ClusterRoute(kind, target, places, options, context);
  return new SentinelRoute(kind, target, { ...places, sentinel }, options, context);
}
