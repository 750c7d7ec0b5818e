import { afterAll, describe, test } from '@jest/globals';
import { RedisCache } from '@recollect/redis';
import { sharedBackendContract } from '@recollect/testing';
import { testRedisUrl, uniquePrefix } from '@recollect/testing/redis';
import { testContext } from './support/test-context.js';

const prefix = uniquePrefix('redis-cache');
const create = () => new RedisCache({ url: testRedisUrl(), deadlineMs: 5_000 }, testContext());

sharedBackendContract({ name: 'RedisCache', create, peer: create, prefix, runner: { describe, test } });

afterAll(async () => {
  const cache = create();
  await cache.clear(prefix);
  await cache.close();
});
