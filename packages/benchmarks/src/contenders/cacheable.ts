import { createKeyv, createKeyvNonBlocking } from '@keyv/redis';
import { Cacheable } from 'cacheable';
import type { Customer } from '../customer.js';
import type { OpenContender } from './contender.js';

/** Waiting for Redis, or not: then what it has there is fetched behind the caller's back, who gets a load instead. */
export const openCacheable =
  (nonBlocking: boolean): OpenContender =>
  async (url, load) => {
    const secondary = nonBlocking ? createKeyvNonBlocking(url) : createKeyv(url);
    const cache = new Cacheable({ secondary, nonBlocking, ttl: '1h' });
    cache.on('error', () => undefined);
    secondary.on('error', () => undefined);
    return {
      get: async (id) =>
        (await cache.getOrSet<Customer>(`customer:${id}`, () => load(id), { ttl: '1h' })) as Customer,
      close: () => cache.disconnect(),
    };
  };
