import { describe, expect, test } from '@jest/globals';
import { ChaosSerializer, gate, MemorySharedBackend } from '@recollect/testing';
import {
  cacheOf,
  createCache,
  type Failure,
  KeyError,
  type LocalEntry,
  type Serializer,
  SimpleCache,
} from 'recollect';

const text: Serializer = {
  id: 'text',
  encode: (value) => new TextEncoder().encode(JSON.stringify(value)),
  decode: (data) => JSON.parse(new TextDecoder().decode(data)) as unknown,
};

describe('a value that was stored and cannot be read any more', () => {
  test.each([true, false])('is loaded again (localOnly: %s)', async (localOnly) => {
    const failures: Failure[] = [];
    const serializer = new ChaosSerializer(text);
    const cache = createCache({
      serializers: [serializer],
      observer: { failure: (failure) => failures.push(failure) },
    });
    let loads = 0;
    const find = cache.cachedFunction(async (id: number) => ({ id, load: ++loads }), {
      name: 'find',
      hours: 1,
      localOnly,
      serializer: 'text',
    });
    await find(1);
    expect(await find(1)).toEqual({ id: 1, load: 1 });
    serializer.script.rewrite([{ operation: 'decode', fault: 'throw' }]);
    expect(await find(1)).toEqual({ id: 1, load: 2 });
    serializer.script.rewrite([]);
    expect(await find(1)).toEqual({ id: 1, load: 2 });
    expect(failures.map(({ operation, site }) => [operation, site])).toEqual([['decode', 'find']]);
    expect(find.stats()).toMatchObject({ failures: 1, localHits: 2 });
  });

  test('does not become the error of a caller who joined', async () => {
    const serializer = new ChaosSerializer(text, [{ operation: 'decode', nth: 1, fault: 'throw' }]);
    const cache = createCache({ serializers: [serializer] });
    const reply = gate();
    const find = cache.cachedFunction(
      async (id: number) => {
        await reply.opened;
        return { id };
      },
      { name: 'find', hours: 1, serializer: 'text' },
    );
    const calls = [find(1), find(1), find(1)];
    reply.open();
    expect(await Promise.all(calls)).toEqual([{ id: 1 }, { id: 1 }, { id: 1 }]);
  });
});

describe('a value that only its own serializer can carry', () => {
  test('is read by hand in another process as it was set', async () => {
    class Money {
      constructor(readonly cents: number) {}
    }
    const money: Serializer = {
      id: 'money',
      encode: (value) => text.encode((value as Money).cents),
      decode: (data) => new Money(text.decode(data) as number),
    };
    const records = new Map();
    const make = () =>
      createCache({ shared: { kind: new MemorySharedBackend({ records }) }, serializers: [money] });
    const [one, two] = [make(), make()];
    await one.set('k', new Money(5), { serializer: 'money' });
    expect([await one.get('k'), await two.get('k'), await two.get('k')]).toEqual(Array(3).fill(new Money(5)));
    expect(two.stats().failures).toBe(2);
  });
});

describe('a local backend of the application that throws', () => {
  class Broken extends SimpleCache {
    broken = true;
    override get(key: string): LocalEntry | undefined {
      if (this.broken) throw new RangeError('get');
      return super.get(key);
    }
    override clear(): void {
      throw new RangeError('clear');
    }
  }

  test('does not make a call fail, nor a close', async () => {
    const cache = createCache({ local: { kind: Broken } });
    let loads = 0;
    const count = cache.cachedFunction(async () => ++loads, { name: 'count', hours: 1 });
    expect([await count(), await count()]).toEqual([1, 2]);
    expect(cache.stats().failures).toBeGreaterThan(0);
    await cache.close();
  });
});

describe('a size that cannot be told', () => {
  test.each([
    [
      'throws',
      () => {
        throw new RangeError('no size');
      },
    ],
    ['is no number', () => Number.NaN],
    ['is negative', () => -1],
  ])('because it %s leaves the books right, and no value that outlives its set', async (_what, sizeOf) => {
    const cache = createCache({
      local: { kind: 'SimpleCacheNoSerializer', maxBytes: 10_000, sizeOf: sizeOf },
    });
    await expect(cache.set('k', 'refused')).rejects.toThrow();
    expect(cache.stats()).toMatchObject({ loading: 0, local: { entries: 0, bytes: 0 } });
    expect(await cache.getOrLoad('k', () => 'loaded')).toBe('loaded');
    expect(cache.stats()).toMatchObject({ loading: 0, failures: 1, local: { entries: 0, bytes: 0 } });
  });

  test('nor does a backend that takes an entry in and throws serve it from the index', async () => {
    class Full extends SimpleCache {
      override set(): void {
        throw new RangeError('full');
      }
    }
    const cache = createCache({ local: { kind: Full } });
    let loads = 0;
    const count = cache.cachedFunction(() => ++loads, { localOnly: true, hours: 1 });
    expect([count(), count()]).toEqual([1, 2]);
    await expect(count.set([], 7)).rejects.toThrow('full');
    expect(count()).toBe(3);
  });
});

describe('@invalidates', () => {
  test('reports arguments that name no entry, where a synchronous method cannot', async () => {
    const failures: Failure[] = [];
    const cache = createCache({ observer: { failure: (failure) => failures.push(failure) } });
    class Desk {
      @cache.cached({ localOnly: true, hours: 1 }) find(id: unknown) {
        return id;
      }
      @cache.invalidates('find', () => [Symbol('no key')]) change() {
        return 'changed';
      }
    }
    expect(new Desk().change()).toBe('changed');
    await cache.settled();
    expect(failures).toHaveLength(1);
    expect(failures[0]?.error).toBeInstanceOf(KeyError);
  });

  test('reaches what an override takes over from the method it overrides', async () => {
    const cache = createCache();
    let value = 'old';
    class Desk {
      @cache.cached({ hours: 1, scope: 'class' }) async find(_id: number) {
        return value;
      }
      @cache.invalidates('find', (id) => [id]) async change(_id: number, to: string) {
        value = to;
      }
    }
    class CachedDesk extends Desk {
      @cache.cached({ hours: 1, scope: 'class' }) override async find(id: number) {
        return `${await super.find(id)}!`;
      }
    }
    class PlainDesk extends Desk {
      override async find(id: number) {
        return `${await super.find(id)}?`;
      }
    }
    const [desk, plain] = [new CachedDesk(), new PlainDesk()];
    expect([await desk.find(1), await plain.find(1)]).toEqual(['old!', 'old?']);
    await desk.change(1, 'new');
    expect([await desk.find(1), await plain.find(1)]).toEqual(['new!', 'new?']);
    await plain.change(1, 'newest');
    expect(await plain.find(1)).toBe('newest?');
  });
});

describe('a refresh that the cache would refuse', () => {
  class Tenant {
    constructor(readonly id: string) {}
  }
  const build = (production: boolean) => {
    const cache = createCache({
      production,
      shared: { kind: MemorySharedBackend },
      observer: { warning: () => {} },
    });
    class Rows extends Tenant {
      @cache.cached({ hours: 1, name: 'rows' }) async all(_filter?: unknown) {
        return this.id;
      }
    }
    return [new Rows('a'), new Rows('b')] as const;
  };

  test('reaches the method in production, as the call does', async () => {
    const [a, b] = build(true);
    await a.all();
    expect(await b.all()).toBe('b');
    expect(await cacheOf(b).all.refresh()).toBe('b');
  });

  test('rejects where the method promises', async () => {
    const [a] = build(false);
    const refreshed = cacheOf(a).all.refresh(() => 1);
    await expect(refreshed).rejects.toBeInstanceOf(KeyError);
  });
});

describe('a method that returns no promise', () => {
  test('is refused without localOnly, with a shared tier or without', async () => {
    const cache = createCache();
    const options: object = { hours: 1, name: 'plain' };
    const plain = cache.cachedFunction(() => 1, options as { localOnly: true });
    expect(() => plain()).toThrow(/plain: the method returned no promise/);
    expect(cache.stats().loading).toBe(0);
  });
});

describe('an observer', () => {
  test('that calls a cached method back while an entry is replaced leaves the store whole', async () => {
    let again: (() => unknown) | undefined;
    const cache = createCache({
      local: { kind: 'SimpleCache', threshold: 3 },
      observer: { remove: (cause) => cause === 'replaced' && again?.() },
    });
    const square = cache.cachedFunction((n: number) => n * n, { localOnly: true, hours: 1 });
    square(1);
    again = () => {
      again = undefined;
      square.refresh(1);
    };
    square.refresh(1);
    expect(again).toBeUndefined();
    expect(cache.stats().local.entries).toBe(1);
    await cache.clear();
    expect(cache.stats().local).toMatchObject({ entries: 0, bytes: 0 });
  });
});

describe('statistics', () => {
  test('count entries held by reference beside those held by copy', () => {
    const cache = createCache();
    const make = cache.cachedFunction(() => ({}), { localOnly: true, noSerialization: true, hours: 1 });
    make();
    expect(cache.stats().local.entries).toBe(1);
  });

  test('do not count a refresh as a miss', async () => {
    const cache = createCache();
    const count = cache.cachedFunction(async () => 1, { name: 'count', hours: 1 });
    await count();
    await count.refresh();
    expect(count.stats()).toMatchObject({ loads: 2, misses: 1 });
  });
});
