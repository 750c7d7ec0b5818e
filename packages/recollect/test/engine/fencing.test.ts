import { describe, expect, test } from '@jest/globals';
import { ChaosSharedBackend, FakeClock, type Gate, gate, MemorySharedBackend } from '@recollect/testing';
import { type Cache, type CacheConfig, type CachedFunction, createCache } from 'recollect';

/** A source of truth whose reads wait at a gate after they have read, as a slow reply of a database does. */
class Source {
  value = 'old';
  loads = 0;
  reply: Gate | undefined;

  async read(): Promise<string> {
    this.loads += 1;
    const { value } = this;
    await this.reply?.opened;
    return value;
  }
}

type Reader = CachedFunction<[string], Promise<string>>;

const tiers: Record<string, () => CacheConfig> = {
  'the local tier': () => ({}),
  'the local tier by reference': () => ({ local: { kind: 'SimpleCacheNoSerializer' } }),
  'both tiers': () => ({ shared: { kind: MemorySharedBackend } }),
  'the shared tier alone': () => ({ local: { kind: 'NullCache' }, shared: { kind: MemorySharedBackend } }),
};

const invalidations: Record<string, (cache: Cache, read: Reader) => Promise<unknown>> = {
  'the key': (_cache, read) => read.invalidate('k'),
  'the whole site': (_cache, read) => read.invalidateAll(),
  'everything, by clear': (cache) => cache.clear(),
  'another value set by hand': (_cache, read) => read.set(['k'], 'new'),
};

describe.each(Object.keys(tiers))('in %s', (tier) => {
  test.each(Object.keys(invalidations))(
    'a load overtaken by the invalidation of %s stores nothing',
    async (name) => {
      const source = new Source();
      const cache = createCache((tiers[tier] as () => CacheConfig)());
      const read: Reader = cache.cachedFunction((_key: string) => source.read(), {
        name: 'source.read',
        hours: 1,
      });

      const reply = gate();
      source.reply = reply;
      const before = read('k');
      await reply.arrived;
      const joined = read('k');
      source.value = 'new';
      await invalidations[name]?.(cache, read);
      source.reply = undefined;
      const during = await read('k');
      reply.open();

      expect(await before).toBe('old');
      expect(await joined).toBe('old');
      expect(during).toBe('new');
      await cache.settled();
      expect(await read('k')).toBe('new');
      expect(read.peek('k')).not.toBe('old');
      await cache.close();
    },
  );
});

describe('an invalidation and the shared tier', () => {
  const build = (faults: ConstructorParameters<typeof ChaosSharedBackend>[1] = []) => {
    const shared = new ChaosSharedBackend(new MemorySharedBackend(), faults);
    const cache = createCache({ shared: { kind: shared } });
    const source = new Source();
    const read: Reader = cache.cachedFunction((_key: string) => source.read(), {
      name: 'source.read',
      hours: 1,
    });
    return { cache, read, shared, source };
  };

  test('waits for a write that has begun, and deletes what it wrote', async () => {
    const write = gate();
    const { cache, read, source } = build([{ operation: 'fill', nth: 1, fault: write }]);
    await read('k');
    await write.arrived;
    source.value = 'new';
    const invalidated = read.invalidate('k');
    write.open();
    expect(await invalidated).toEqual({ local: 'done', shared: 'done' });
    expect(await read('k')).toBe('new');
    await cache.close();
  });

  test('keeps an old value that was being read from there out of the local tier', async () => {
    const late = gate();
    const { cache, read, shared, source } = build();
    await read('k');
    await cache.settled();
    const other = createCache({ shared: { kind: shared } });
    const elsewhere: Reader = other.cachedFunction((_key: string) => source.read(), {
      name: 'source.read',
      hours: 1,
    });
    shared.script.rewrite([{ operation: 'delete', fault: late }]);
    source.value = 'new';
    const invalidated = elsewhere.invalidate('k');
    await late.arrived;
    // Not deleted yet: the old value may be read, but must not outlive the invalidation.
    expect(await elsewhere('k')).toBe('old');
    late.open();
    await invalidated;
    expect(await elsewhere('k')).toBe('new');
    await cache.close();
  });

  test('says so when it could not be done there', async () => {
    const { cache, read } = build([{ operation: 'delete', fault: 'throw' }]);
    await read('k');
    expect(await read.invalidate('k')).toEqual({ local: 'done', shared: 'failed' });
    expect(read.stats().failures).toBe(1);
    await cache.close();
  });

  test('of a site reaches values that another process stores afterwards from an earlier load', async () => {
    const shared = new MemorySharedBackend();
    const source = new Source();
    const [one, two] = [createCache({ shared: { kind: shared } }), createCache({ shared: { kind: shared } })];
    const make = (cache: Cache): Reader =>
      cache.cachedFunction((_key: string) => source.read(), { name: 'source.read', hours: 1 });
    const [here, there] = [make(one), make(two)];
    const reply = gate();
    source.reply = reply;
    const early = here('k');
    await reply.arrived;
    source.value = 'new';
    source.reply = undefined;
    await there.invalidateAll();
    reply.open();
    expect(await early).toBe('old');
    await one.settled();
    expect(await there('k')).toBe('new');
  });
});

describe('single-flight', () => {
  test('runs the method once for a thousand callers, and gives each a copy of its own', async () => {
    const reply = gate();
    let loads = 0;
    const cache = createCache();
    const list = cache.cachedFunction(
      async (_key: string) => {
        loads += 1;
        await reply.opened;
        return [1, 2, 3];
      },
      { name: 'list', hours: 1 },
    );
    const calls = Array.from({ length: 1_000 }, () => list('k'));
    reply.open();
    const results = await Promise.all(calls);
    expect(loads).toBe(1);
    expect(new Set(results).size).toBe(1_000);
    results[0]?.push(4);
    expect(results[999]).toEqual([1, 2, 3]);
    expect(await list('k')).toEqual([1, 2, 3]);
    expect(list.stats()).toMatchObject({ loads: 1, joins: 999, misses: 1 });
  });

  test('shares a failure with those who waited, and runs again for the next', async () => {
    const reply = gate();
    let loads = 0;
    const cache = createCache();
    const failing = cache.cachedFunction(
      async (_key: string): Promise<string> => {
        loads += 1;
        await reply.opened;
        throw new RangeError('down');
      },
      { name: 'failing', hours: 1 },
    );
    const calls = Array.from({ length: 100 }, () => failing('k').catch((error: unknown) => error));
    reply.open();
    const errors = await Promise.all(calls);
    expect(loads).toBe(1);
    expect(errors.every((error) => error instanceof RangeError)).toBe(true);
    await expect(failing('k')).rejects.toBeInstanceOf(RangeError);
    expect(loads).toBe(2);
    expect(cache.stats().loading).toBe(0);
  });

  test('a synchronous throw leaves nothing behind', () => {
    let fails = true;
    const cache = createCache();
    const parse = cache.cachedFunction(
      (text: string) => {
        if (fails) throw new SyntaxError(text);
        return text.length;
      },
      { localOnly: true, minutes: 1 },
    );
    expect(() => parse('abc')).toThrow(SyntaxError);
    expect(cache.stats().loading).toBe(0);
    fails = false;
    expect([parse('abc'), parse('abc')]).toEqual([3, 3]);
    expect(parse.stats()).toMatchObject({ loads: 2, loadErrors: 1 });
  });

  test('a refresh lets others read the old value, and its own stands at the end', async () => {
    const source = new Source();
    const cache = createCache();
    const read: Reader = cache.cachedFunction((_key: string) => source.read(), {
      name: 'source.read',
      hours: 1,
    });
    await read('k');
    const reply = gate();
    source.reply = reply;
    source.value = 'new';
    const refreshed = read.refresh('k');
    await reply.arrived;
    expect(await read('k')).toBe('old');
    reply.open();
    expect(await refreshed).toBe('new');
    expect(await read('k')).toBe('new');
  });
});

describe('time', () => {
  test('an entry ends at its time to live, in the local tier no later than in the shared one', async () => {
    const clock = new FakeClock();
    const shared = new MemorySharedBackend({ clock });
    const config: CacheConfig = { clock, shared: { kind: shared } };
    let loads = 0;
    const make = (cache: Cache): Reader =>
      cache.cachedFunction(async (key: string) => `${key}${++loads}`, { name: 'timed', milliseconds: 300 });
    const [writer, reader] = [make(createCache(config)), make(createCache(config))];
    expect(await writer('k')).toBe('k1');
    await clock.advanceAsync(250);
    expect(await reader('k')).toBe('k1');
    clock.advance(49);
    expect(await reader('k')).toBe('k1');
    clock.advance(1);
    expect(await reader('k')).toBe('k2');
    expect(loads).toBe(2);
  });
});
