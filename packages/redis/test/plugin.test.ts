import { expect, test } from '@jest/globals';
import {
  RedisCache,
  RedisCacheAtomic,
  RedisCacheNoExceptions,
  type RedisCacheOptions,
  redis,
} from '@recollect/redis';
import type { SharedBackendKinds } from 'recollect';

test('makes the kinds known by their names', () => {
  expect(redis()).toEqual({
    name: 'redis',
    shared: { RedisCache, RedisCacheNoExceptions, RedisCacheAtomic },
  });
});

test('each class says the name it is known by', () => {
  const context = {
    clock: { now: () => 0, coarse: 0, after: () => () => undefined },
    report: () => undefined,
  };
  for (const [name, Backend] of Object.entries({ RedisCache, RedisCacheNoExceptions, RedisCacheAtomic })) {
    expect(new Backend({}, context).kind).toBe(name);
  }
});

test('a config in TypeScript knows the kinds and their options', () => {
  const options: SharedBackendKinds['RedisCache'] & SharedBackendKinds['RedisCacheNoExceptions'] = { db: 1 };
  const same: RedisCacheOptions = options;
  expect(same).toEqual({ db: 1 });
});
