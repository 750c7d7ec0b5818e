import { redis } from '@recollect/redis';
import { createCache } from 'recollect';
import type { OpenContender } from './contender.js';

export const openRecollect: OpenContender = async (url, load) => {
  const cache = createCache({
    namespace: 'figures',
    shared: { kind: 'RedisCacheNoExceptions', url },
    use: [redis()],
  });
  const get = cache.cachedFunction(load, { name: 'customer', hours: 1 });
  return { get: (id) => get(id), close: () => cache.close() };
};
