import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { ChaosSharedBackend, FakeClock, gate, MemorySharedBackend } from '@recollect/testing';
import { cached, cacheOf, configureCache, createCache } from 'recollect';

/** Enough for everything that waits for nothing but promises. */
const settle = async () => {
  for (let turns = 0; turns < 5; turns += 1) await turn();
};

describe('a value set by hand', () => {
  test('is not overwritten in the shared tier by the late write of a load before it', async () => {
    const late = gate();
    const memory = new MemorySharedBackend();
    const shared = new ChaosSharedBackend(memory, [{ operation: 'fill', nth: 1, fault: late }]);
    const cache = createCache({ shared: { kind: shared } });
    const read = cache.cachedFunction(async (_key: string) => 'old', { name: 'read', hours: 1 });
    await read('k');
    await late.arrived;
    const set = read.set(['k'], 'new');
    await settle();
    late.open();
    await set;
    await cache.settled();

    const other = createCache({ shared: { kind: memory } });
    const elsewhere = other.cachedFunction(async (_key: string) => 'none', { name: 'read', hours: 1 });
    expect(await elsewhere('k')).toBe('new');
  });

  test('is gone after an invalidation, however many writes of its key were under way', async () => {
    const [first, second] = [gate(), gate()];
    const memory = new MemorySharedBackend();
    const shared = new ChaosSharedBackend(memory, [
      { operation: 'fill', nth: 1, fault: first },
      { operation: 'write', nth: 1, fault: second },
    ]);
    const cache = createCache({ shared: { kind: shared } });
    const read = cache.cachedFunction(async (_key: string) => 'old', { name: 'read', hours: 1 });
    await read('k');
    await first.arrived;
    const set = read.set(['k'], 'newer');
    await settle();
    const invalidated = read.invalidate('k');
    second.open();
    await settle();
    first.open();
    await Promise.all([set, invalidated]);
    await cache.settled();
    const other = createCache({ shared: { kind: memory } });
    const elsewhere = other.cachedFunction(async (_key: string) => 'none', { name: 'read', hours: 1 });
    expect(await elsewhere('k')).toBe('none');
  });

  test('is what it was when it was set, whatever its owner does to it next', async () => {
    const cache = createCache({ shared: { kind: MemorySharedBackend } });
    const read = cache.cachedFunction(async (_key: string) => ['loaded'], { name: 'read', hours: 1 });
    const value = ['set'];
    const sets = [read.set(['k'], value), cache.set('k', value), cache.setMany([['l', value]])];
    value.push('changed');
    await Promise.all(sets);
    expect([await read('k'), await cache.get('k'), await cache.get('l')]).toEqual([
      ['set'],
      ['set'],
      ['set'],
    ]);
  });

  test('as a promise that settles after an invalidation is not stored', async () => {
    const cache = createCache({ shared: { kind: MemorySharedBackend } });
    const read = cache.cachedFunction(async (_key: string) => 'new', { name: 'read', hours: 1 });
    const slow = gate<string>();
    const set = read.set(['k'], slow.opened);
    await read.invalidate('k');
    slow.open('old');
    await set;
    expect(await read('k')).toBe('new');
  });
});

describe('a refresh', () => {
  test('whose result must not be stored leaves no older one behind, in either tier', async () => {
    let value: string | null = 'old';
    const cache = createCache({ shared: { kind: MemorySharedBackend } });
    const read = cache.cachedFunction(async (_key: string) => value, {
      name: 'read',
      hours: 1,
      unless: (result) => result === null,
    });
    await read('k');
    await cache.settled();
    value = null;
    expect(await read.refresh('k')).toBeNull();
    await cache.settled();
    expect(await read('k')).toBeNull();
  });
});

describe('a refresh whose result must not be stored', () => {
  test('answers whoever asks before the older one is gone from the shared tier', async () => {
    const late = gate();
    const shared = new ChaosSharedBackend(new MemorySharedBackend(), [
      { operation: 'deleteIfEqual', fault: late },
    ]);
    const cache = createCache({ shared: { kind: shared } });
    let value: string | null = 'old';
    const read = cache.cachedFunction(async (_key: string) => value, {
      name: 'read',
      hours: 1,
      unless: (result) => result === null,
    });
    await read('k');
    await cache.settled();
    value = null;
    await read.refresh('k');
    await late.arrived;
    expect(await read('k')).toBeNull();
    late.open();
    await cache.settled();
    expect(await read('k')).toBeNull();
  });
});

describe('an invalidation within the process', () => {
  test('by delete does not drop what was set after it', async () => {
    const cache = createCache();
    await cache.set('k', 1);
    const deleted = cache.delete('k');
    const set = cache.set('k', 2);
    expect(await deleted).toBe(true);
    await set;
    expect(await cache.get('k')).toBe(2);
  });

  test('does not drop what was loaded after it', async () => {
    const cache = createCache();
    let loads = 0;
    const count = cache.cachedFunction(() => ++loads, { localOnly: true, hours: 1 });
    count();
    const invalidated = count.invalidate();
    expect(count()).toBe(2);
    await invalidated;
    expect(count()).toBe(2);
    const all = count.invalidateAll();
    expect(count()).toBe(3);
    await all;
    expect(count()).toBe(3);
  });

  test('of a whole site is not undone when an earlier cache of the process is closed', async () => {
    let loads = 0;
    class Clerk {
      @cached({ hours: 1, name: 'clerk.count', scope: 'class' }) async count() {
        return ++loads;
      }
    }
    const earlier = configureCache({});
    configureCache({});
    const clerk = new Clerk();
    await clerk.count();
    await cacheOf(clerk).count.invalidateAll();
    await earlier.close();
    expect(await clerk.count()).toBe(2);
    configureCache({});
  });
});

test('the close of an earlier cache of the process takes nothing from the one in force', async () => {
  let runs = 0;
  class Clerk {
    @cached({ localOnly: true, hours: 1, name: 'clerk.runs' }) run() {
      return ++runs;
    }
  }
  const earlier = configureCache({});
  configureCache({});
  const clerk = new Clerk();
  clerk.run();
  await earlier.close();
  expect(clerk.run()).toBe(1);
  configureCache({});
});

describe('a load that began before the end of its runtime', () => {
  test('stores nothing behind an invalidation under the next one', async () => {
    const records = new Map();
    const [write, reply] = [gate(), gate()];
    const memory = () => new MemorySharedBackend({ records });
    let value = 'old';
    class Clerk {
      @cached({ hours: 1, name: 'clerk.read', scope: 'class' }) async read(key: string) {
        const answer = value;
        if (key === 'slow' && answer === 'old') await reply.opened;
        return answer;
      }
    }
    const clerk = new Clerk();
    const hanging = new ChaosSharedBackend(memory(), [{ operation: 'fill', nth: 1, fault: write }]);
    configureCache({ local: { kind: 'NullCache' }, shared: { kind: hanging } });
    await clerk.read('other');
    await write.arrived;
    const before = clerk.read('slow');
    await reply.arrived;
    value = 'new';
    configureCache({ local: { kind: 'NullCache' }, shared: { kind: memory() } });
    await cacheOf(clerk).read.invalidate('slow');
    reply.open();
    expect(await before).toBe('old');
    await settle();
    expect(await clerk.read('slow')).toBe('new');
    write.open();
    configureCache({});
  });

  test('answers those who joined it, and the next runtime runs the method anew', async () => {
    const reply = gate();
    let loads = 0;
    class Clerk {
      @cached({ hours: 1, name: 'clerk.join', scope: 'class' }) async read() {
        loads += 1;
        await reply.opened;
        return loads;
      }
    }
    const clerk = new Clerk();
    configureCache({});
    const early = [clerk.read(), clerk.read()];
    await reply.arrived;
    configureCache({});
    const late = clerk.read();
    reply.open();
    expect(await Promise.all([...early, late])).toEqual([2, 2, 2]);
    expect(loads).toBe(2);
  });

  test('leaves a backend that the next runtime was given as well in working order', async () => {
    const backend = new MemorySharedBackend();
    configureCache({ shared: { kind: backend } });
    const cache = configureCache({ shared: { kind: backend } });
    await settle();
    await cache.set('k', 1);
    expect(await cache.get('k')).toBe(1);
    await cache.close();
    await expect(backend.read(['k'])).rejects.toThrow('closed');
    configureCache({});
  });
});

describe('time to live', () => {
  test('of a null is not asked of a function that expects a result', async () => {
    const cache = createCache();
    let loads = 0;
    const find = cache.cachedFunction(
      async (_id: number): Promise<{ maxAge: number } | null> => {
        loads += 1;
        return null;
      },
      { name: 'find', ttl: (result) => (result as { maxAge: number }).maxAge, nullTtl: '1m' },
    );
    await find(1);
    await find(1);
    expect(loads).toBe(1);
    expect(find.stats().failures).toBe(0);
  });

  test('ends a key in the list of keys', async () => {
    const clock = new FakeClock();
    const cache = createCache({ clock });
    await cache.set('k', 1, { milliseconds: 100 });
    await cache.set('l', 1, { milliseconds: 200 });
    clock.advance(100);
    const keys: string[] = [];
    for await (const key of cache.keys()) keys.push(key);
    expect(keys).toEqual(['l']);
  });
});

describe('a value set before the first call', () => {
  test('comes back as a promise from a method that promises without being an async function', async () => {
    const cache = createCache();
    const read = cache.cachedFunction((_key: string) => Promise.resolve('loaded'), {
      name: 'read',
      hours: 1,
    });
    await read.set(['k'], 'set');
    expect(read('k')).toBeInstanceOf(Promise);
    expect(await read('k')).toBe('set');
  });
});
