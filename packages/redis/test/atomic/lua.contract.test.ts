import { afterAll, describe, jest, test } from '@jest/globals';
import { RedisCache } from '@recollect/redis';
import { atomicStoreContract } from '@recollect/testing';
import { testRedisUrl, uniquePrefix } from '@recollect/testing/redis';
import { testContext } from '../support/test-context.js';

jest.setTimeout(30_000);

const prefix = uniquePrefix('lua');
const create = () =>
  new RedisCache({ url: testRedisUrl(), mechanism: 'lua', deadlineMs: 5_000 }, testContext());

atomicStoreContract({
  name: 'RedisCache by scripts',
  create,
  peer: create,
  prefix,
  runner: { describe, test },
});

afterAll(async () => {
  const cache = create();
  await cache.clear(prefix);
  await cache.close();
});
