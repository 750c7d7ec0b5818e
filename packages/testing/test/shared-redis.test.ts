import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { testRedisUrl, uniquePrefix } from '@recollect/testing/redis';
import setup from '@recollect/testing/redis-setup';
import teardown from '@recollect/testing/redis-teardown';
import { type FakeRedis, fakeRedis } from './fake-redis-server.js';

const environment = { ...process.env };
let fake: FakeRedis;

beforeEach(async () => {
  jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  for (const name of Object.keys(process.env)) if (/REDIS/.test(name)) delete process.env[name];
  fake = await fakeRedis('redis-server');
  Object.assign(process.env, fake.environment, { TEST_REDIS_FROM: 'path', FAKE_MODE: 'right' });
});

afterEach(async () => {
  await teardown();
  jest.restoreAllMocks();
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, environment);
  await fake.remove();
});

describe('the Redis of a run', () => {
  test('is started once, found by its tests, and ended after them', async () => {
    await setup();
    await setup();
    expect(await fake.starts()).toHaveLength(1);
    expect(testRedisUrl()).toMatch(/^redis:\/\/127\.0\.0\.1:\d+$/);
    const server = await fake.connected;
    const gone = new Promise((resolve) => server.once('close', resolve));
    await teardown();
    await gone;
    expect(testRedisUrl).toThrow('the global setup did not run');
  });

  test('that cannot be had fails the tests that need it, with the reason', async () => {
    process.env.FAKE_MODE = 'broken';
    await setup();
    expect(testRedisUrl).toThrow(/^There is no Redis for the tests\. Tried:\n {2}path: .*Bad directive/);
  });

  test('is asked for in vain where the setup did not run', () => {
    expect(testRedisUrl).toThrow("globalSetup: '@recollect/testing/redis-setup'");
  });

  test('can be torn down without having been set up', async () => {
    await teardown();
  });
});

test('no two prefixes are alike, and each says what it is for', () => {
  const prefixes = Array.from({ length: 1_000 }, () => uniquePrefix('users'));
  expect(new Set(prefixes).size).toBe(1_000);
  expect(prefixes[0]).toMatch(/^recollect-users:[0-9a-f-]{36}:$/);
});
