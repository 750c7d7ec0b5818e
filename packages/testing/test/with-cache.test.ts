import { describe, expect, test } from '@jest/globals';
import {
  FakeClock,
  MemorySharedBackend,
  useNullCache,
  withCache,
  withDefaultCache,
} from '@recollect/testing';
import { cachedFunction, currentCache } from 'recollect';

let loads = 0;
const lookup = cachedFunction(async (sku: string) => `${sku}#${++loads}`, {
  name: 'stock.lookup',
  minutes: 5,
});

describe('a cache of its own', () => {
  test('is there for the body, is closed after it, and its result is handed on', async () => {
    const shared = new MemorySharedBackend();
    const result = await withCache({ shared: { kind: shared } }, async (cache) => {
      const own = cache.cachedFunction(async (id: number) => id * 2, { name: 'own', minutes: 1 });
      expect([await own(2), await own(2)]).toEqual([4, 4]);
      expect(cache.stats().sites.own).toMatchObject({ localHits: 1 });
      return 'result';
    });
    expect(result).toBe('result');
    await expect(shared.read(['x'])).rejects.toMatchObject({ code: 'ERR_BACKEND' });
  });

  test('is closed as well when the body fails, and the error is handed on', async () => {
    const shared = new MemorySharedBackend();
    const error = new Error('body failed');
    const running = withCache({ shared: { kind: shared } }, () => {
      throw error;
    });
    await expect(running).rejects.toBe(error);
    await expect(shared.read(['x'])).rejects.toMatchObject({ code: 'ERR_BACKEND' });
  });

  test('is not the process-wide one', async () => {
    const before = currentCache().localTier;
    await withCache({ namespace: 'apart' }, (cache) => {
      expect(cache.localTier).not.toBe(currentCache().localTier);
    });
    expect(currentCache().localTier).toBe(before);
  });

  test('may run on a clock of the test', async () => {
    const clock = new FakeClock();
    await withCache({ clock }, async (cache) => {
      await cache.set('k', 1, { ttl: 1_000 });
      clock.advance(999);
      expect(await cache.has('k')).toBe(true);
      clock.advance(1);
      expect(await cache.has('k')).toBe(false);
    });
  });

  test('may share a store with another, as two processes would', async () => {
    const here = new MemorySharedBackend();
    const there = new MemorySharedBackend({ records: here.records });
    await withCache({ shared: { kind: here } }, (first) =>
      withCache({ shared: { kind: there } }, async (second) => {
        await first.set('k', new Date(5));
        expect(await second.get('k')).toEqual(new Date(5));
      }),
    );
  });
});

describe('the process-wide cache', () => {
  test('is configured for the body, and as before after it', async () => {
    const shared = new MemorySharedBackend();
    await withDefaultCache({ namespace: 'shop', shared: { kind: shared } }, async (cache) => {
      expect(cache.sharedTier).toBe(shared);
      const first = await lookup('a');
      expect(await lookup('a')).toBe(first);
      await cache.settled();
      expect([...shared.records.keys()].some((key) => key.startsWith('shop'))).toBe(true);
    });
    await expect(shared.read(['x'])).rejects.toMatchObject({ code: 'ERR_BACKEND' });
    expect(currentCache().sharedTier).toBeUndefined();
    expect(currentCache().localTier?.kind).toBe('SimpleCache');
  });

  test('is configured as told after the body, even when that fails', async () => {
    const failing = withDefaultCache({}, () => Promise.reject(new Error('body failed')), {
      local: { kind: 'SimpleCacheNoSerializer' },
    });
    await expect(failing).rejects.toThrow('body failed');
    expect(currentCache().localTier?.kind).toBe('SimpleCacheNoSerializer');
    await withDefaultCache({}, () => {});
  });

  test('stays as it is when the config cannot be meant', async () => {
    const before = currentCache().localTier;
    let ran = false;
    const running = withDefaultCache({ local: { kind: 'SimpleCache', threshold: -1 } }, () => {
      ran = true;
    });
    await expect(running).rejects.toThrow('threshold is -1');
    expect([ran, currentCache().localTier]).toEqual([false, before]);
  });
});

describe('without a cache', () => {
  describe('in the suite', () => {
    useNullCache();

    test('every call reaches the function', async () => {
      const before = loads;
      await Promise.all([lookup('b'), lookup('b')]);
      await lookup('b');
      expect(loads - before).toBe(3);
    });
  });

  test('it is over after the suite', async () => {
    const before = loads;
    await lookup('c');
    await lookup('c');
    expect(loads - before).toBe(1);
  });

  test('the hooks of any runner will do, and what to restore can be said', () => {
    const hooks: (() => void)[] = [];
    const hook = (body: () => void) => hooks.push(body);
    useNullCache({
      beforeAll: hook,
      afterAll: hook,
      restore: { local: { kind: 'SimpleCacheNoSerializer' } },
    });
    const [enter, leave] = hooks;
    enter?.();
    expect(currentCache().localTier).toBeUndefined();
    leave?.();
    expect(currentCache().localTier?.kind).toBe('SimpleCacheNoSerializer');
  });

  test('a runner without hooks is told what is missing', () => {
    const globals = globalThis as { afterAll?: unknown };
    const kept = globals.afterAll;
    delete globals.afterAll;
    try {
      expect(() => useNullCache()).toThrow('afterAll is missing, and there is no global of that name');
    } finally {
      globals.afterAll = kept;
    }
  });
});
