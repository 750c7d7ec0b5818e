import { afterAll, describe, test } from '@jest/globals';
import { RedisCacheNoExceptions } from '@recollect/redis';
import { sharedBackendContract } from '@recollect/testing';
import { testRedisUrl, uniquePrefix } from '@recollect/testing/redis';
import { testContext } from './support/test-context.js';

const prefix = uniquePrefix('no-exceptions');
const create = () => new RedisCacheNoExceptions({ url: testRedisUrl(), deadlineMs: 5_000 }, testContext());

sharedBackendContract({
  name: 'RedisCacheNoExceptions',
  create,
  peer: create,
  prefix,
  neverRejects: true,
  runner: { describe, test },
});

afterAll(async () => {
  const cache = create();
  await cache.clear(prefix);
  await cache.close();
});
