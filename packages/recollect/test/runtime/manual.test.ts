import { describe, expect, test } from '@jest/globals';
import { ChaosSharedBackend, FakeClock, gate, MemorySharedBackend } from '@recollect/testing';
import { BackendError, createCache, KeyError, SerializationError } from 'recollect';

describe('operations by hand', () => {
  test('store, tell and delete in both tiers', async () => {
    const backend = new MemorySharedBackend();
    const [one, two] = [
      createCache({ shared: { kind: backend } }),
      createCache({ shared: { kind: backend } }),
    ];
    await one.set('user:1', { name: 'a', since: new Date(0) }, { minutes: 1 });
    expect(await two.get('user:1')).toEqual({ name: 'a', since: new Date(0) });
    expect(await two.ttl('user:1')).toBeGreaterThan(59_000);
    expect([await one.has('user:1'), await one.has('user:2')]).toEqual([true, false]);
    expect(await one.delete('user:1')).toBe(true);
    expect(await one.delete('user:1')).toBe(false);
    expect(await one.get('user:1')).toBeUndefined();
  });

  test('tell undefined from nothing', async () => {
    const cache = createCache();
    await cache.set('k', undefined);
    expect(await cache.getEntry('k')).toEqual({ value: undefined });
    expect(await cache.getEntry('other')).toBeUndefined();
  });

  test('move many values in one round trip', async () => {
    const backend = new ChaosSharedBackend(new MemorySharedBackend());
    const cache = createCache({ shared: { kind: backend }, local: { kind: 'NullCache' } });
    const entries = Array.from({ length: 500 }, (_, n): [string, number] => [`k${n}`, n]);
    await cache.setMany(entries);
    expect(backend.script.calls('write')).toBe(1);
    const reads = backend.script.calls('read');
    const found = await cache.getMany([...entries.map(([key]) => key), 'missing']);
    expect(backend.script.calls('read')).toBe(reads + 1);
    expect([...found]).toEqual(entries);
  });

  test('store nothing of a batch in which one value cannot be carried', async () => {
    const cache = createCache({ shared: { kind: MemorySharedBackend } });
    const batch: [string, unknown][] = [
      ['good', 1],
      ['bad', () => 1],
    ];
    await expect(cache.setMany(batch)).rejects.toBeInstanceOf(SerializationError);
    expect(await cache.has('good')).toBe(false);
  });

  test('load once for all who ask', async () => {
    const cache = createCache({ shared: { kind: MemorySharedBackend } });
    const reply = gate<number>();
    let loads = 0;
    const load = () => {
      loads += 1;
      return reply.opened;
    };
    const asked = [
      cache.getOrLoad('k', load),
      cache.getOrLoad('k', load),
      cache.getOrLoad('k', load, { hours: 1 }),
    ];
    await reply.arrived;
    reply.open(7);
    expect(await Promise.all(asked)).toEqual([7, 7, 7]);
    expect(await cache.getOrLoad('k', load)).toBe(7);
    expect(loads).toBe(1);
  });

  test('list their keys by prefix, each once', async () => {
    const cache = createCache({ shared: { kind: MemorySharedBackend } });
    await cache.setMany([
      ['user:1', 1],
      ['user:2', 2],
      ['users', 3],
    ]);
    const keys: string[] = [];
    for await (const key of cache.keys('user:')) keys.push(key);
    expect(keys.sort()).toEqual(['user:1', 'user:2']);
  });

  test('end after their time to live', async () => {
    const clock = new FakeClock();
    const cache = createCache({
      clock,
      shared: { kind: new MemorySharedBackend({ clock }), defaultTtl: '1s' },
    });
    await cache.set('k', 1, { local: { ttl: '100ms' } });
    clock.advance(999);
    expect(await cache.get('k')).toBe(1);
    clock.advance(1);
    expect(await cache.get('k')).toBeUndefined();
  });

  test('do not mix with keys of methods, whatever they are called', async () => {
    const cache = createCache({ shared: { kind: MemorySharedBackend } });
    const fn = cache.cachedFunction(async (id: string) => `method ${id}`, { name: 'users.find', minutes: 1 });
    await fn('1');
    for (const key of ['users.find:::"1"', '%:users.find', '__proto__', 'constructor', '*', 'a:b']) {
      await cache.set(key, key);
      expect(await cache.get(key)).toBe(key);
    }
    expect(await fn('1')).toBe('method 1');
    await expect(cache.get('')).rejects.toBeInstanceOf(KeyError);
  });

  test('a get overtaken by a delete does not bring the old value back', async () => {
    const late = gate();
    const backend = new MemorySharedBackend();
    const writer = createCache({ shared: { kind: backend } });
    await writer.set('k', 'old');
    const chaos = new ChaosSharedBackend(backend);
    const cache = createCache({ shared: { kind: chaos } });
    chaos.script.rewrite([{ operation: 'read', fault: late }]);
    const read = cache.get('k');
    await late.arrived;
    const deleted = cache.delete('k');
    await Promise.resolve();
    late.open();
    await Promise.all([read, deleted]);
    expect(cache.stats().local.entries).toBe(0);
  });

  test('clear drops everything of this namespace and nothing of another', async () => {
    const backend = new MemorySharedBackend();
    const users = createCache({ namespace: 'users', shared: { kind: backend } });
    const others = createCache({ namespace: 'usersAbc', shared: { kind: backend } });
    await users.set('k', 1);
    await others.set('k', 2);
    await users.clear();
    expect([await users.get('k'), await others.get('k')]).toEqual([undefined, 2]);
    const fresh = createCache({ namespace: 'usersAbc', shared: { kind: backend } });
    expect(await fresh.get('k')).toBe(2);
  });
});

describe('a backend that fails', () => {
  const failing = () => {
    const backend = new ChaosSharedBackend(new MemorySharedBackend(), [
      { operation: 'read', fault: 'throw' },
      { operation: 'write', fault: 'throw' },
      { operation: 'delete', fault: 'throw' },
    ]);
    return createCache({ shared: { kind: backend } });
  };

  test('is heard of by the callers of manual operations', async () => {
    const cache = failing();
    await expect(cache.get('k')).rejects.toBeInstanceOf(BackendError);
    await expect(cache.set('k', 1)).rejects.toBeInstanceOf(BackendError);
    await expect(cache.delete('k')).rejects.toBeInstanceOf(BackendError);
  });

  test('never by the callers of a decorated method', async () => {
    const cache = failing();
    let loads = 0;
    const fn = cache.cachedFunction(async () => ++loads, { name: 'fn', minutes: 1 });
    expect([await fn(), await fn()]).toEqual([1, 1]);
    await cache.settled();
    expect(fn.stats()).toMatchObject({ loads: 1, localHits: 1, failures: 1 });
  });
});

describe('after close', () => {
  test('decorated calls reach the method, manual ones are refused', async () => {
    const cache = createCache();
    let loads = 0;
    const fn = cache.cachedFunction(async () => ++loads, { name: 'fn', minutes: 1 });
    await fn();
    await cache.close();
    await cache.close();
    expect([await fn(), await fn()]).toEqual([2, 3]);
    await expect(cache.get('k')).rejects.toThrow(/cache failed to get: it is closed/);
  });

  test('`await using` closes', async () => {
    const backend = new MemorySharedBackend();
    {
      await using cache = createCache({ shared: { kind: backend } });
      await cache.set('k', 1);
    }
    await expect(backend.read(['k'])).rejects.toThrow('closed');
  });
});

describe('close', () => {
  test.each(['both tiers', 'the shared tier alone'])(
    'keeps what was loaded before it, with %s',
    async (tiers) => {
      const backend = new MemorySharedBackend();
      // Sealing takes a while, so that the write is still to come when the cache is closed.
      const protect = { mode: 'encrypt', keys: { a: 'a'.repeat(40) }, current: 'a' } as const;
      const local = tiers === 'both tiers' ? {} : { local: { kind: 'NullCache' } as const };
      // A second user keeps the built backend open.
      const later = createCache({ shared: { kind: backend }, protect });
      const cache = createCache({ shared: { kind: backend }, protect, ...local });
      const make = (on: typeof cache) =>
        on.cachedFunction(async (id: number) => ({ id }), { name: 'fn', minutes: 1 });
      await make(cache)(1);
      await cache.close();
      const again = make(later);
      expect(await again(1)).toEqual({ id: 1 });
      expect(again.stats()).toMatchObject({ sharedHits: 1, loads: 0 });
    },
  );
});

test('health tells what the backend tells, and is only false once closed', async () => {
  const backend = Object.assign(new MemorySharedBackend(), {
    health: () => ({ degraded: true, reasons: ['reads are not sent'] }),
  });
  const cache = createCache({ shared: { kind: backend } });
  expect(cache.health()).toEqual({ ok: true, degraded: true, reasons: ['reads are not sent'] });
  expect(createCache().health()).toEqual({ ok: true, degraded: false, reasons: [] });
  await cache.close();
  expect(cache.health().ok).toBe(false);
});
