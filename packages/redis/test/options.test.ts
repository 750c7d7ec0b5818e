import { describe, expect, test } from '@jest/globals';
import { RedisCache, type RedisCacheOptions } from '@recollect/redis';
import { testRedisUrl, uniquePrefix } from '@recollect/testing/redis';
import { createClient, createClientPool, createCluster } from '@redis/client';
import { ConfigurationError } from 'recollect';
import { redisTarget } from '../src/redis-target.js';
import { bytes } from './support/operations.js';
import { testContext } from './support/test-context.js';

const refusal = (options: unknown): string => {
  try {
    new RedisCache(options as RedisCacheOptions, testContext());
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return (error as Error).message;
  }
  throw new Error('nothing was refused');
};

describe('what can be meant', () => {
  const access = (options: RedisCacheOptions) => redisTarget(options).access;
  const local = { host: 'localhost', port: 6_379 };

  test.each<[RedisCacheOptions, object]>([
    [{}, { socket: local }],
    [{ url: undefined, password: undefined, tls: undefined }, { socket: local }],
    [
      { host: 'h', port: 1, db: 0 },
      { socket: { host: 'h', port: 1 }, database: 0 },
    ],
    [
      { username: 'u', password: 'p' },
      { socket: local, username: 'u', password: 'p' },
    ],
    [{ tls: false }, { socket: local }],
    [{ tls: true }, { socket: { ...local, tls: true } }],
    [{ tls: { servername: 's' } }, { socket: { ...local, tls: true, servername: 's' } }],
    [{ url: 'redis://h' }, { socket: { host: 'h', port: 6_379 } }],
    [{ url: 'redis://:p%40ss@h:7/3' }, { socket: { host: 'h', port: 7 }, database: 3, password: 'p@ss' }],
    [
      { url: 'redis://u@h', password: 'p' },
      { socket: { host: 'h', port: 6_379 }, username: 'u', password: 'p' },
    ],
    [{ url: 'redis://[::1]:7' }, { socket: { host: '::1', port: 7 } }],
    [
      { url: 'valkey://h:7/', db: 2 },
      { socket: { host: 'h', port: 7 }, database: 2 },
    ],
    [{ url: 'rediss://h:7' }, { socket: { host: 'h', port: 7, tls: true } }],
    [{ url: 'valkeys://h', tls: { ca: 'c' } }, { socket: { host: 'h', port: 6_379, tls: true, ca: 'c' } }],
    [
      { url: 'unix:///run/redis.sock?db=4' },
      { socket: { path: '/run/redis.sock', tls: false }, database: 4 },
    ],
    [
      { url: 'unix:///run/r', password: 'p' },
      { socket: { path: '/run/r', tls: false }, password: 'p' },
    ],
  ])('%j', (options, expected) => {
    expect(access(options)).toEqual(expected);
  });

  test('times have defaults', () => {
    expect(redisTarget({})).toMatchObject({ connectTimeoutMs: 2_000, closeTimeoutMs: 1_000 });
    expect(redisTarget({ connectTimeoutMs: 1, closeTimeoutMs: 0 })).toMatchObject({
      connectTimeoutMs: 1,
      closeTimeoutMs: 0,
    });
  });
});

describe('what cannot be meant is refused, naming option, value and what is accepted', () => {
  test.each<[unknown, RegExp]>([
    [undefined, /"options" is undefined; accepted: an object\./],
    [{ hots: 'h' }, /"hots" is "h"; accepted: no option of this name, only url, host, port, .*client\./],
    [{ socketTimeout: 5 }, /"socketTimeout" is 5; /],
    [{ port: 0 }, /"port" is 0; accepted: a whole number from 1 to 65535\./],
    [{ port: '6379' }, /"port" is "6379"; /],
    [{ db: -1 }, /"db" is -1; accepted: a whole number from 0 /],
    [{ db: 1.5 }, /"db" is 1\.5; /],
    [{ host: '' }, /"host" is ""; accepted: a text that is not empty\./],
    [{ host: 'redis://h' }, /"host" is "redis:\/\/h"; accepted: a host name .* "url"\./],
    [{ username: 'u' }, /"username" is "u"; accepted: a name with a "password"\./],
    [{ tls: 'yes' }, /"tls" is "yes"; accepted: true, false or an object of TLS options\./],
    [{ connectTimeoutMs: 0 }, /"connectTimeoutMs" is 0; /],
    [{ connectTimeoutMs: Number.POSITIVE_INFINITY }, /"connectTimeoutMs" is Infinity; /],
    [{ closeTimeoutMs: -1 }, /"closeTimeoutMs" is -1; /],
    [{ url: 'h:6379' }, /"url" is "h:6379"; accepted: redis:\/\//],
    [{ url: 'http://h' }, /"url" is "http:\/\/h"; /],
    [{ url: 'redis://h/x' }, /"url" is "redis:\/\/h\/x"; /],
    [{ url: 'redis://h?family=6' }, /"url" is "redis:\/\/h\?family=6"; /],
    [{ url: 'unix://h/run/r' }, /"url" is "unix:/],
    [{ url: 'unix:///run/r?x=1' }, /"url" is "unix:/],
    [{ url: 'redis://h', host: 'h' }, /"host" is "h"; accepted: nothing beside "url"\./],
    [{ url: 'redis://h', port: 7 }, /"port" is 7; accepted: nothing beside "url"\./],
    [{ url: 'redis://h/1', db: 2 }, /"db" is 2; accepted: nothing, as "url" says it already\./],
    [
      { url: 'rediss://h', tls: false },
      /"tls" is false; accepted: true or an object, as "url" asks for TLS\./,
    ],
    [{ url: 'unix:///r', tls: true }, /"tls" is true; accepted: false, as "url" names a Unix socket\./],
    [{ client: {} }, /"client" is an object; accepted: a node-redis client of one server/],
    [{ client: createClient(), db: 1 }, /"client" is an object; accepted: nothing, as "db" is given too\./],
    [
      { client: createClient({ keyPrefix: 'a:' }) },
      /"client" is an object; accepted: a client without keyPrefix/,
    ],
    [
      { client: createCluster({ rootNodes: [] }) },
      /"client" is an object; accepted: a node-redis client of one server/,
    ],
    [{ client: createClientPool() }, /"client" is an object; accepted: a node-redis client of one server/],
  ])('%p', (options, message) => {
    expect(refusal(options)).toMatch(message);
  });

  test.each<[object]>([
    [{ password: 12_345_678 }],
    [{ password: '' }],
    [{ url: 'redis://u:12345678@h', password: '12345678' }],
    [{ url: 'redis://u:12345678@h:port' }],
    [{ url: 'redis://u:123@45678@h/x' }],
    [{ url: 'redis:u:12345678@h' }],
    [{ url: 'redis://u:%zz12345678@h' }],
    [{ host: 'u:12345678@h' }],
  ])('without giving away a secret: %j', (options) => {
    expect(refusal(options)).not.toMatch(/1234|5678/);
  });
});

test('a client of the caller lends its access and is left alone', async () => {
  const { hostname, port } = new URL(testRedisUrl());
  const client = createClient({
    socket: { host: hostname, port: Number(port) },
    database: 1,
  });
  const cache = new RedisCache({ client }, testContext());
  const key = uniquePrefix('client');
  await cache.write([{ key, data: bytes('x'), ttlMs: 10_000 }]);
  expect(client.isOpen).toBe(false);
  await client.connect();
  expect(await client.getDel(key)).toBe('x');
  await cache.close();
  expect(client.isReady).toBe(true);
  expect(client.listenerCount('error')).toBe(0);
  client.destroy();
});
