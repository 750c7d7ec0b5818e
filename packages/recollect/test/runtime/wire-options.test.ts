import { describe, expect, test } from '@jest/globals';
import { MemorySharedBackend } from '@recollect/testing';
import { type CacheConfig, ConfigurationError, createCache } from 'recollect';

const secret = (letter: string): string => letter.repeat(40);
const protect = (current: string, ...ids: string[]): NonNullable<CacheConfig['protect']> => ({
  mode: 'encrypt',
  keys: Object.fromEntries(ids.map((id) => [id, secret(id)])),
  current,
});

const store = () => {
  const backend = new MemorySharedBackend();
  const text = (): string =>
    [...backend.records.values()].map(({ data }) => Buffer.from(data).toString('latin1')).join();
  const open = (config: CacheConfig = {}) =>
    createCache({ local: { kind: 'NullCache' }, shared: { kind: backend }, ...config });
  return { backend, text, open };
};

describe('protect', () => {
  test('hides values from whoever reads the store, and from nobody else', async () => {
    const { open, text } = store();
    const cache = open({ protect: protect('a', 'a') });
    await cache.set('k', 'the quick brown fox');
    expect(text()).not.toContain('quick');
    expect(await cache.get('k')).toBe('the quick brown fox');
  });

  test('reads with a rotated key, and not without it', async () => {
    const { open } = store();
    await open({ protect: protect('a', 'a') }).set('k', 1);
    expect(await open({ protect: protect('b', 'a', 'b') }).get('k')).toBe(1);
    expect(await open({ protect: protect('b', 'b') }).get('k')).toBeUndefined();
    expect(await open().get('k')).toBeUndefined();
  });

  test('takes nothing that was written without it', async () => {
    const { open } = store();
    await open().set('k', 'forged');
    await expect(open({ protect: protect('a', 'a') }).get('k')).rejects.toThrow();
  });

  test('does not show its keys', () => {
    const { open } = store();
    expect(JSON.stringify(open({ protect: protect('a', 'a') }).config)).not.toContain(secret('a'));
  });
});

test('compress makes records of long values smaller, and all of them readable by everybody', async () => {
  const { backend, open } = store();
  const long = 'the quick brown fox '.repeat(1_000);
  await open({ compress: true }).set('long', long);
  const sizes = [...backend.records.values()].map(({ data }) => data.length);
  expect(Math.max(...sizes)).toBeLessThan(1_000);
  expect(await open().get('long')).toBe(long);
});

test('options of the wire are checked without a shared tier, too', () => {
  expect(() => createCache({ protect: { mode: 'encrypt', keys: {}, current: 'a' } })).toThrow(
    ConfigurationError,
  );
  expect(() => createCache({ compress: { thresholdBytes: -1 } })).toThrow(ConfigurationError);
});
