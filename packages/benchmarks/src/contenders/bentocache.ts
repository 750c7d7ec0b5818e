import { BentoCache, bentostore } from 'bentocache';
import { memoryDriver } from 'bentocache/drivers/memory';
import { redisDriver } from 'bentocache/drivers/redis';
import { Redis } from 'ioredis';
import type { OpenContender } from './contender.js';

/** With its time limits and its breaker on; `commandTimeout`: with the one of its client as well. */
export const openBentocache =
  (commandTimeout?: number): OpenContender =>
  async (url, load) => {
    const connection = new Redis(url, commandTimeout === undefined ? {} : { commandTimeout });
    connection.on('error', () => undefined);
    const local = memoryDriver({ maxItems: 10_000 });
    const cache = new BentoCache({
      default: 'tiered',
      stores: { tiered: bentostore().useL1Layer(local).useL2Layer(redisDriver({ connection })) },
      l2CircuitBreakerDuration: '1s',
    });
    return {
      get: (id) =>
        cache.getOrSet({
          key: `customer:${id}`,
          ttl: '1h',
          timeout: 100,
          hardTimeout: 200,
          factory: () => load(id),
        }),
      close: () => cache.disconnectAll(),
    };
  };
