import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { configureCache } from 'recollect';
import { cacheConfig } from '../src/cache-config.js';
import { ExchangeRates } from '../src/exchange-rates.js';

/** How often the source is asked for three equal calls under the configuration these variables choose. */
async function askedUnder(env: Record<string, string>): Promise<number> {
  const cache = configureCache(cacheConfig(env));
  const rates = new ExchangeRates();
  for (let call = 0; call < 3; call++) await rates.rate('EUR', 'NOK');
  await cache.close();
  return rates.asked;
}

afterEach(() => void configureCache({}));

describe('the same class', () => {
  test('is cached in development, and where nothing is said', async () => {
    expect(await askedUnder({ NODE_ENV: 'development' })).toBe(1);
    expect(await askedUnder({})).toBe(1);
  });

  test('is not cached in tests', async () => {
    expect(await askedUnder({ NODE_ENV: 'test' })).toBe(3);
  });

  test('is cached in production also while its Redis cannot be reached', async () => {
    expect(
      await askedUnder({
        NODE_ENV: 'production',
        CACHE_L2_BACKEND: 'redis',
        CACHE_REDIS_HOST: '127.0.0.1',
        CACHE_REDIS_PORT: '1',
      }),
    ).toBe(1);
  });

  test('follows the variables of the cache before the environment', async () => {
    expect(await askedUnder({ NODE_ENV: 'development', CACHE_TYPE: 'NullCache' })).toBe(3);
  });
});

test('an environment nobody configured is refused, with the choices', () => {
  expect(() => cacheConfig({ NODE_ENV: 'staging' })).toThrow(
    "NODE_ENV is 'staging'; accepted: development, test, production",
  );
});

test('the program says which backends answer', async () => {
  const log = jest.spyOn(console, 'log').mockImplementation(() => {});
  await import('../src/main.js');
  // Jest sets NODE_ENV to 'test'.
  expect(log.mock.calls.map(([line]) => line)).toEqual([
    expect.stringContaining('local none'),
    '3 calls, asked 3 time(s)',
  ]);
  log.mockRestore();
});
