import { afterAll, describe, jest, test } from '@jest/globals';
import { RedisCache, RedisCacheAtomic } from '@recollect/redis';
import { atomicStoreContract } from '@recollect/testing';
import { testRedisUrl, uniquePrefix } from '@recollect/testing/redis';
import { testContext } from '../support/test-context.js';

jest.setTimeout(30_000);

const prefix = uniquePrefix('mixed');
const options = { url: testRedisUrl(), deadlineMs: 5_000 };

// Some processes of a fleet may run scripts, others not: they must understand each other.
atomicStoreContract({
  name: 'RedisCacheAtomic beside one by WATCH',
  create: () => new RedisCacheAtomic(options, testContext()),
  peer: () => new RedisCache({ ...options, mechanism: 'watch' }, testContext()),
  prefix,
  runner: { describe, test },
});

afterAll(async () => {
  const cache = new RedisCache(options, testContext());
  await cache.clear(prefix);
  await cache.close();
});
