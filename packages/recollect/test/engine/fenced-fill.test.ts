import { describe, expect, test } from '@jest/globals';
import { ChaosSharedBackend, FakeClock, gate, MemorySharedBackend } from '@recollect/testing';
import { type Cache, createCache, type Duration } from 'recollect';

/** Processes over one store, and a source of truth that they all read. */
function fleet(shared: { readonly tombstoneTtl?: Duration } = {}) {
  const clock = new FakeClock();
  const records: MemorySharedBackend['records'] = new Map();
  let source: () => Promise<string> = async () => 'old';
  const join = (local: 'NullCache' | 'SimpleCache' = 'NullCache') => {
    const backend = new ChaosSharedBackend(new MemorySharedBackend({ records, clock }));
    const cache = createCache({ clock, local: { kind: local }, shared: { kind: backend, ...shared } });
    const read = cache.cachedFunction((_key: string) => source(), { name: 'read', hours: 1 });
    return { backend, cache, read };
  };
  return { clock, join, from: (next: typeof source) => (source = next) };
}

const wrongs: Record<string, (one: ReturnType<ReturnType<typeof fleet>['join']>) => Promise<unknown>> = {
  'of its key': ({ read }) => read.invalidate('k'),
  'of the whole site': ({ read }) => read.invalidateAll(),
  'of everything': ({ cache }: { cache: Cache }) => cache.clear(),
};

describe.each(Object.keys(wrongs))('a load overtaken by an invalidation %s in another process', (wrong) => {
  test.each(['nothing', 'an outdated value', 'a tombstone'])(
    'is not stored where it had seen %s',
    async (seen) => {
      const { from, join } = fleet();
      const [one, two] = [join('SimpleCache'), join()];
      if (seen !== 'nothing') {
        await two.read('k');
        await two.cache.settled();
        await (seen === 'a tombstone' ? two.read.invalidate('k') : two.read.invalidateAll());
      }
      const reply = gate<string>();
      from(() => reply.opened);
      const before = one.read('k');
      await reply.arrived;
      await wrongs[wrong]?.(two);
      from(async () => 'new');
      reply.open('old');
      expect(await before).toBe('old');
      await one.cache.settled();
      expect(await two.read('k')).toBe('new');
      if (wrong !== 'of its key') return;
      // Refused there, it is not kept here either.
      expect([one.read.peek('k'), await one.read('k')]).toEqual([undefined, 'new']);
      expect(one.read.stats().fenced).toBe(1);
    },
  );
});

test('what an invalidation leaves behind stands in nobody’s way', async () => {
  const { from, join } = fleet();
  const [one, two] = [join(), join()];
  await one.read('k');
  await one.cache.settled();
  await two.read.invalidate('k');
  expect([await one.read.has('k'), await one.read.ttl('k')]).toEqual([false, undefined]);
  from(async () => 'new');
  await one.read('k');
  await one.cache.settled();
  from(async () => 'newer');
  expect(await two.read('k')).toBe('new');
});

test('a load that takes longer than an invalidation is remembered is not stored: nobody could tell', async () => {
  const { clock, from, join } = fleet({ tombstoneTtl: { seconds: 10 } });
  const [one, two] = [join(), join()];
  const reply = gate<string>();
  from(() => reply.opened);
  const before = one.read('k');
  await reply.arrived;
  await two.read.invalidate('k');
  await clock.advanceAsync(10_001);
  from(async () => 'new');
  reply.open('old');
  expect(await before).toBe('old');
  await one.cache.settled();
  expect(await two.read('k')).toBe('new');
});

test('a load of almost that length is', async () => {
  const { clock, from, join } = fleet({ tombstoneTtl: { seconds: 10 } });
  const [one, two] = [join(), join()];
  const reply = gate<string>();
  from(() => reply.opened);
  const before = one.read('k');
  await reply.arrived;
  await clock.advanceAsync(8_900);
  reply.open('slow');
  await before;
  await one.cache.settled();
  from(async () => 'another');
  expect(await two.read('k')).toBe('slow');
});

test('of two loads that saw the same, the first to come back is stored, and the other keeps no value of its own', async () => {
  const { from, join } = fleet();
  const [one, two] = [join('SimpleCache'), join('SimpleCache')];
  const [first, second] = [gate<string>(), gate<string>()];
  from(() => first.opened);
  const early = one.read('k');
  await first.arrived;
  from(() => second.opened);
  const late = two.read('k');
  await second.arrived;
  second.open('second');
  await late;
  await two.cache.settled();
  first.open('first');
  expect(await early).toBe('first');
  await one.cache.settled();
  expect([await one.read('k'), await two.read('k')]).toEqual(['second', 'second']);
});

test('a refresh replaces what it saw, and nothing that came after', async () => {
  const { from, join } = fleet();
  const [one, two] = [join(), join()];
  await one.read('k');
  await one.cache.settled();
  from(async () => 'refreshed');
  await one.read.refresh('k');
  await one.cache.settled();
  expect(await two.read('k')).toBe('refreshed');
  const reply = gate<string>();
  from(() => reply.opened);
  const refresh = one.read.refresh('k');
  await reply.arrived;
  await two.read.set(['k'], 'set');
  reply.open('overtaken');
  await refresh;
  await one.cache.settled();
  expect(await two.read('k')).toBe('set');
});

test('by hand: a deleted key is listed no more, and a load of it that was overtaken is not stored', async () => {
  const { join } = fleet();
  const [one, two] = [join(), join()];
  await one.cache.set('a', 1);
  await one.cache.set('b', 2);
  expect(await two.cache.delete('a')).toBe(true);
  expect(await two.cache.delete('a')).toBe(false);
  const keys: string[] = [];
  for await (const key of one.cache.keys()) keys.push(key);
  expect(keys).toEqual(['b']);
  const reply = gate<number>();
  const load = one.cache.getOrLoad('c', () => reply.opened);
  await reply.arrived;
  await two.cache.delete('c');
  reply.open(3);
  expect(await load).toBe(3);
  await one.cache.settled();
  expect(await two.cache.get('c')).toBeUndefined();
});
