import { describe, expect, test } from '@jest/globals';
import { FakeClock, TestEntry } from '@recollect/testing';
import {
  ConfigurationError,
  createCache,
  type LocalEntry,
  SimpleCache,
  SimpleCacheNoSerializer,
  type SimpleCacheOptions,
} from 'recollect';

const make = (options: SimpleCacheOptions, clock = new FakeClock()) =>
  new SimpleCache(options, { clock, report: () => {} });

/** Puts entries in that are mortal, and will not expire in the test. */
function fill(cache: SimpleCache, ...keys: string[]): TestEntry[] {
  const entries = keys.map((key) => new TestEntry(key, 1e9));
  for (const entry of entries) cache.set(entry);
  return entries;
}

/** Reads it as a method would: it is stored when it is not there. */
function read(cache: SimpleCache, key: string): boolean {
  if (cache.get(key) !== undefined) return true;
  fill(cache, key);
  return false;
}

describe('the policy', () => {
  test('is a matter of the configuration only', async () => {
    const survivors = async (eviction: 'lru' | 'fifo') => {
      const cache = createCache({ local: { kind: 'SimpleCache', threshold: 2, eviction } });
      await cache.set('a', 1);
      await cache.set('b', 1);
      await cache.get('a');
      await cache.set('c', 1);
      return Promise.all(['a', 'b', 'c'].map((key) => cache.has(key)));
    };
    expect(await survivors('lru')).toEqual([true, false, true]);
    expect(await survivors('fifo')).toEqual([false, true, true]);
  });

  test('that nobody knows is refused, with those that are known', () => {
    for (const eviction of ['LRU', 'toString', '', 1, null]) {
      const options = { eviction } as unknown as SimpleCacheOptions;
      expect(() => make(options)).toThrow(ConfigurationError);
      expect(() => make(options)).toThrow(/eviction is .*; it accepts lru, fifo, adaptive/);
    }
  });

  test('adaptive keeps what is used through a scan that sweeps away all that lru holds', () => {
    const hot = Array.from({ length: 40 }, (_, n) => `hot ${n}`);
    const hitsAfterScan = (eviction: 'lru' | 'adaptive') => {
      const cache = make({ threshold: 50, eviction });
      for (let round = 0; round < 5; round += 1) for (const key of hot) read(cache, key);
      for (let n = 0; n < 1_000; n += 1) read(cache, `once ${n}`);
      return hot.filter((key) => read(cache, key)).length;
    };
    expect(hitsAfterScan('lru')).toBe(0);
    expect(hitsAfterScan('adaptive')).toBe(40);
  });

  test('adaptive knows what was in use again after it expired', () => {
    const clock = new FakeClock();
    const cache = make({ threshold: 20, eviction: 'adaptive' }, clock);
    const used = new TestEntry('used', clock.now() + 100);
    const unused = new TestEntry('unused', clock.now() + 100);
    for (const entry of [used, unused]) cache.set(entry);
    cache.get('used');
    clock.advance(100);
    for (const key of ['used', 'unused']) read(cache, key);
    for (let n = 0; n < 100; n += 1) read(cache, `once ${n}`);
    expect([cache.get('used') !== undefined, cache.get('unused')]).toEqual([true, undefined]);
  });

  test('adaptive does not pass over more than a thousand entries at once', () => {
    const cache = make({ threshold: 3_000, eviction: 'adaptive' });
    const keys = Array.from({ length: 3_000 }, (_, n) => `k${n}`);
    const entries = fill(cache, ...keys);
    for (let round = 0; round < 3; round += 1) for (const key of keys) cache.get(key);
    fill(cache, 'new');
    expect(entries.findIndex(({ retired }) => retired.length > 0)).toBe(1_000);
  });
});

describe('resize', () => {
  test.each(['lru', 'fifo', 'adaptive'] as const)('%s: evicts at once what no longer fits', (eviction) => {
    const cache = make({ threshold: 5, eviction });
    const entries = fill(cache, 'a', 'b', 'c', 'd', 'e');
    cache.resize({ threshold: 2 });
    expect(entries.map(({ retired }) => retired)).toEqual([['evicted'], ['evicted'], ['evicted'], [], []]);
    cache.resize({ maxBytes: 300 });
    expect([...cache.keys()]).toEqual(['e']);
    cache.resize({ threshold: 3, maxBytes: Number.POSITIVE_INFINITY });
    fill(cache, 'f', 'g', 'h');
    expect(cache.size).toBe(3);
  });

  test('refuses what is no bound, and changes nothing', () => {
    const cache = make({ threshold: 2 });
    const bad = { threshold: 1, maxBytes: 0.5 };
    expect(() => cache.resize(bad)).toThrow(
      'SimpleCache: maxBytes is 0.5; it accepts a positive whole number',
    );
    expect(() => cache.resize({ threshold: Number.NaN })).toThrow('threshold is NaN');
    fill(cache, 'a', 'b', 'c');
    expect([...cache.keys()]).toEqual(['b', 'c']);
  });

  test('needs sizes for a bound in bytes, as the options do', () => {
    const cache = new SimpleCacheNoSerializer({}, { clock: new FakeClock(), report: () => {} });
    expect(() => cache.resize({ maxBytes: 1_000 })).toThrow(/only together with sizeOf/);
    cache.resize({ threshold: 1 });
  });

  test('is refused where pinned entries would not fit', () => {
    const cache = make({ threshold: 3 });
    for (const key of ['a', 'b']) cache.pin(key);
    const entries = fill(cache, 'a', 'b', 'c');
    expect(() => cache.resize({ threshold: 1 })).toThrow(/pinned entries fit, 2 of 406 bytes/);
    expect(entries.flatMap(({ retired }) => retired)).toEqual([]);
    cache.resize({ threshold: 2 });
    expect([...cache.keys()].sort()).toEqual(['a', 'b']);
  });
});

describe('a pinned key', () => {
  test('is kept before its entry comes, and when it is replaced', () => {
    const cache = make({ threshold: 2 });
    cache.pin('p');
    fill(cache, 'p', 'a', 'b', 'c', 'p', 'd', 'e');
    expect([...cache.keys()].sort()).toEqual(['e', 'p']);
    cache.unpin('p');
    fill(cache, 'f', 'g');
    expect([...cache.keys()].sort()).toEqual(['f', 'g']);
  });

  test('leaves no room for others when all are pinned', () => {
    const cache = make({ threshold: 2 });
    for (const key of ['a', 'b', 'c']) cache.pin(key);
    const [a, b, c, d] = fill(cache, 'a', 'b', 'c', 'd') as [TestEntry, TestEntry, TestEntry, TestEntry];
    expect([a, b, c, d].map(({ retired }) => retired)).toEqual([[], [], ['evicted'], ['evicted']]);
  });

  test('is touched without harm where uses are counted', () => {
    const cache = make({ threshold: 2, eviction: 'adaptive' });
    cache.pin('p');
    const entry: LocalEntry = new TestEntry('p', 1e9);
    cache.set(entry);
    cache.touch?.(entry);
    expect(entry.mark).toBe(1);
    cache.unpin('p');
    fill(cache, 'a', 'b', 'c');
    expect(cache.size).toBe(2);
  });

  test('expires, and can be deleted', () => {
    const clock = new FakeClock();
    const cache = make({ threshold: 2 }, clock);
    cache.pin('p');
    const entry = new TestEntry('p', clock.now() + 10);
    cache.set(entry);
    clock.advance(10);
    expect(cache.get('p')).toBeUndefined();
    fill(cache, 'p');
    expect(cache.delete('p')).toBe(true);
    expect(entry.retired).toEqual(['expired']);
    expect(cache.bytes).toBe(0);
  });
});

describe('hottest and coldest', () => {
  test('are the two ends of the order, without what is pinned', () => {
    const cache = make({ threshold: 10 });
    cache.pin('p');
    fill(cache, 'a', 'b', 'c', 'p');
    cache.set(new TestEntry('forever'));
    cache.get('a');
    expect([...cache.coldest(2)]).toEqual(['b', 'c']);
    expect([...cache.hottest(10)]).toEqual(['forever', 'a', 'c', 'b']);
    expect(() => cache.hottest(0)).toThrow('SimpleCache: count is 0; it accepts a positive whole number');
  });

  test('can be walked while the cache changes', () => {
    const cache = make({ threshold: 10 });
    fill(cache, 'a', 'b', 'c');
    for (const key of cache.coldest(3)) cache.delete(key);
    expect(cache.size).toBe(0);
  });
});
