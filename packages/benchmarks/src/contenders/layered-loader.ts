import { Redis } from 'ioredis-6';
import { Loader } from 'layered-loader/core';
import { RedisCache } from 'layered-loader/redis';
import type { Customer } from '../customer.js';
import type { OpenContender } from './contender.js';

const HOUR_MS = 3_600_000;

/** With its time limit on; `commandTimeout`: with the one of its client as well. */
export const openLayeredLoader =
  (commandTimeout?: number): OpenContender =>
  async (url, load) => {
    const connection = new Redis(url, commandTimeout === undefined ? {} : { commandTimeout });
    connection.on('error', () => undefined);
    const limits = { json: true, ttlInMsecs: HOUR_MS, timeoutInMsecs: 100 };
    const loader = new Loader<Customer, string>({
      inMemoryCache: { ttlInMsecs: HOUR_MS, maxItems: 10_000 },
      asyncCache: new RedisCache<Customer>(connection, limits),
      dataSourceGetOneFn: (id) => load(Number(id)),
      cacheUpdateErrorHandler: () => undefined,
      loadErrorHandler: () => undefined,
    });
    return {
      get: async (id) => (await loader.get(String(id))) as Customer,
      close: async () => connection.disconnect(),
    };
  };
