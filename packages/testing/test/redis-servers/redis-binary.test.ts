import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  redisBinary,
  startCluster,
  startSentinels,
  startServer,
  whyNoRedisBinary,
} from '@recollect/testing/redis';
import { type FakeRedis, fakeRedis } from '../fake-redis-server.js';

const environment = { ...process.env };
let fake: FakeRedis;

beforeEach(async () => {
  fake = await fakeRedis('valkey-server');
  for (const name of ['TEST_REDIS_URL', 'TEST_REDIS_FROM']) delete process.env[name];
});
afterEach(async () => {
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, environment);
  await fake.remove();
});

describe('the program of a Redis', () => {
  test('is the one on the PATH, even where a server is named', async () => {
    Object.assign(process.env, fake.environment, { TEST_REDIS_URL: 'redis://127.0.0.1:1' });
    expect(await redisBinary()).toEqual({ path: join(fake.bin, 'valkey-server'), environment: {} });
    expect(await whyNoRedisBinary()).toBeUndefined();
  });

  test.each(['url', 'docker'])(
    'is not to be had by TEST_REDIS_FROM=%s: every starter says so',
    async (source) => {
      process.env.TEST_REDIS_FROM = source;
      const reason = new RegExp(
        `^TEST_REDIS_FROM=${source} gives no program to start servers of our own with`,
      );
      expect(await whyNoRedisBinary()).toMatch(reason);
      for (const start of [startServer, startCluster, startSentinels])
        await expect(start()).rejects.toThrow(reason);
    },
  );

  test('is not sought elsewhere than it was asked for', async () => {
    Object.assign(process.env, { PATH: join(fake.bin, 'nothing'), TEST_REDIS_FROM: 'path' });
    expect(await whyNoRedisBinary()).toMatch(
      /There is no program .* \(path: neither redis-server nor valkey-server is on the PATH\)/,
    );
  });
});
