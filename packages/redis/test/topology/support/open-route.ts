import type { RedisCacheOptions } from '@recollect/redis';
import type { Route } from '../../../src/route/route.js';
import { routeFor } from '../../../src/route/route-for.js';
import { atEnd } from '../../support/open-cache.js';
import { type TestContext, testContext } from '../../support/test-context.js';

/** A route in real time, and what it reports. */
export function openRoute(options: RedisCacheOptions): Route & Pick<TestContext, 'reported'> {
  const context = testContext();
  const route = routeFor('Kind', options, context);
  atEnd(() => route.close());
  return Object.assign(route, { reported: context.reported });
}
