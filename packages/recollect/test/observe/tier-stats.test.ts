import { describe, expect, test } from '@jest/globals';
import { ChaosSharedBackend, FakeClock, MemorySharedBackend } from '@recollect/testing';
import { createCache, type SharedBackend, type SharedWrite } from 'recollect';
import { HealthWatch } from '../../src/observe/health-watch.js';
import { meteredBackend } from '../../src/observe/metered-backend.js';
import { SharedCounters } from '../../src/observe/tier-stats.js';
import { DeadlineError } from '../../src/resilience/deadlines.js';

function metered(inner: SharedBackend) {
  const counters = new SharedCounters();
  const watch = new HealthWatch(
    () => undefined,
    new FakeClock(),
    () => {},
  );
  const backend = meteredBackend(inner, counters, watch);
  return { backend, counters, stats: () => counters.snapshot(inner.kind, inner.counts?.() ?? {}) };
}
const record = (key: string, length: number): SharedWrite => ({
  key,
  data: new Uint8Array(length),
  ttlMs: 60_000,
});

describe('a metered backend', () => {
  test('is as the one within, and counts what goes through', async () => {
    const inner = new MemorySharedBackend();
    const { backend, stats } = metered(inner);
    expect([backend.kind, backend.corrupt]).toEqual([inner.kind, inner.corrupt]);
    expect(await backend.write([record('a', 10), record('b', 20)])).toBe(true);
    expect(await backend.fill(record('a', 5), undefined)).toBe(false);
    expect(await backend.fill(record('c', 5), undefined)).toBe(true);
    expect(await backend.add(record('d', 7))).toHaveLength(7);
    expect((await backend.read(['a', 'missing', 'b'])).map((one) => one?.data.length)).toEqual([
      10,
      undefined,
      20,
    ]);
    expect(await backend.deleteIfEqual('a', new Uint8Array(10))).toBe(true);
    expect(await backend.delete(['b', 'missing'])).toBe(1);
    const keys: string[] = [];
    for await (const key of backend.scan('')) keys.push(key);
    expect(keys.sort()).toEqual(['c', 'd']);
    expect(await backend.clear('')).toBe(2);
    expect(stats()).toMatchObject({
      reads: 1,
      writes: 3,
      refusedFills: 1,
      deletes: 3,
      failures: 0,
      bytesWritten: 42,
      bytesRead: 30,
    });
  });

  test('counts each failure once, and passes it on as it is', async () => {
    const late = new DeadlineError('late');
    const faults = (
      ['read', 'write', 'fill', 'add', 'delete', 'deleteIfEqual', 'clear', 'scan'] as const
    ).map((operation) => ({ operation, fault: late }));
    const { backend, stats } = metered(new ChaosSharedBackend(new MemorySharedBackend(), faults));
    const scan = async (): Promise<void> => {
      for await (const _ of backend.scan('')) expect('a key').toBe('none');
    };
    const work = [
      ...[
        () => backend.read(['a']),
        () => backend.write([record('a', 1)]),
        () => backend.add(record('a', 1)),
      ],
      ...[
        () => backend.fill(record('a', 1), undefined),
        () => backend.delete(['a']),
        () => backend.clear(''),
      ],
      ...[() => backend.deleteIfEqual('a', new Uint8Array(1)), scan],
    ];
    for (const [at, one] of work.entries()) {
      await expect(one()).rejects.toBe(late);
      expect(stats().failures).toBe(at + 1);
    }
    expect(stats()).toMatchObject({ writes: 0, deletes: 0, refusedFills: 0, deadlines: 8, bytesWritten: 0 });
  });

  test('a throw becomes a rejection, and what never rejects is not counted as done', async () => {
    const quiet = Object.assign(new MemorySharedBackend(), {
      read: () => {
        throw new Error('at once');
      },
      write: async () => false,
      fill: async () => undefined,
      delete: async () => undefined,
    });
    const { backend, stats } = metered(quiet);
    await expect(backend.read(['a'])).rejects.toThrow('at once');
    expect([await backend.write([record('a', 9)]), await backend.delete(['a'])]).toEqual([false, undefined]);
    expect(await backend.fill(record('a', 9), undefined)).toBeUndefined();
    expect(stats()).toMatchObject({ failures: 1, writes: 0, refusedFills: 0, deletes: 0, bytesWritten: 0 });
  });

  test('has the optional parts that the one within has', async () => {
    const without = Object.defineProperty(new MemorySharedBackend(), 'atomic', { value: undefined });
    const bare = metered(without).backend;
    expect([bare.atomic, bare.atomicByDefault]).toEqual([undefined, undefined]);
    expect([bare.health, bare.counts]).toEqual([undefined, undefined]);
    const inner = Object.assign(new MemorySharedBackend(), {
      health: () => ({ degraded: true, reasons: ['full'] }),
      counts: () => ({ deadlines: 5 }),
    });
    const { backend, stats } = metered(inner);
    expect(backend.atomic).toBeDefined();
    expect(backend.atomic).toBe(backend.atomic);
    // Even where nothing about it can be changed.
    const frozen = Object.freeze({ ...inner, kind: 'frozen', read: async () => [undefined] });
    expect(await metered(frozen as unknown as SharedBackend).backend.read(['a'])).toEqual([undefined]);
    expect([backend.health?.().reasons, backend.counts?.()]).toEqual([['full'], { deadlines: 5 }]);
    expect(stats().deadlines).toBe(5);
  });
});

describe('metered leases', () => {
  const claim = (key: string) => ({
    ...{
      key,
      mode: 'at_least_once' as const,
      token: '0'.repeat(32),
      epoch: 'e',
      leaseMs: 1_000,
      retentionMs: 1_000,
    },
    ...{ ignore: undefined, supersede: undefined, numbered: false },
  });

  test('count what is stored, deleted and failed', async () => {
    const script = new ChaosSharedBackend(new MemorySharedBackend(), [
      { operation: 'claim', nth: 3, fault: new DeadlineError('late') },
    ]);
    const { backend, stats } = metered(script);
    const { atomic } = backend;
    if (atomic === undefined) throw new Error('it has none');
    const first = await atomic.claim(claim('a'));
    const second = await atomic.claim(claim('b'));
    if (first.kind !== 'granted' || second.kind !== 'granted') throw new Error('busy');
    expect(await atomic.renew(first.lease, 500)).toBe(true);
    expect(await atomic.commit(first.lease, record('a', 10))).toBe('stored');
    expect(await atomic.commit(first.lease, record('a', 10))).toBe('lost');
    await atomic.release(second.lease);
    await atomic.settle(record('b', 5));
    expect(await atomic.invalidate(['a', 'b'])).toBe(2);
    await expect(atomic.claim(claim('c'))).rejects.toThrow('late');
    expect(stats()).toMatchObject({ writes: 2, bytesWritten: 15, deletes: 1, failures: 1, deadlines: 1 });
    await atomic.close();
  });
});

describe('stats()', () => {
  test('show the shared tier as it was configured, and none where there is none', async () => {
    const kind = new MemorySharedBackend();
    const cache = createCache({ shared: { kind } });
    expect(cache.sharedTier).toBe(kind);
    expect(cache.stats().shared?.kind).toBe('MemorySharedBackend');
    expect('shared' in createCache().stats()).toBe(false);
  });

  test('count hits and misses of values, not of records', async () => {
    const cache = createCache({ local: { kind: 'NullCache' }, shared: { kind: MemorySharedBackend } });
    const one = cache.cachedFunction(async () => 1, { name: 'one', hours: 1 });
    await one();
    await cache.settled();
    await one();
    await one.invalidateAll();
    await one();
    await cache.settled();
    expect(cache.stats().shared).toMatchObject({ hits: 1, misses: 2, reads: 3, failures: 0 });
  });

  test('count what became of local entries, and every one that came also went or is there', async () => {
    const clock = new FakeClock();
    const cache = createCache({ clock, local: { kind: 'SimpleCache', threshold: 2 } });
    const double = cache.cachedFunction((n: number) => 2 * n, {
      name: 'double',
      localOnly: true,
      minutes: 1,
    });
    for (const n of [1, 2, 3, 3]) double(n);
    double.refresh(3);
    await double.invalidate(2);
    clock.advance(60_000);
    double(3);
    await cache.set('k', 1);
    await cache.get('k');
    const { local } = cache.stats();
    expect(local).toMatchObject({
      entries: 2,
      hits: 2,
      stores: 6,
      evicted: 1,
      replaced: 1,
      deleted: 1,
      expired: 1,
    });
    const { entries, stores, evicted, expired, replaced, deleted } = local;
    expect(stores).toBe(entries + evicted + expired + replaced + deleted);
    expect(local.bytes).toBeGreaterThan(0);
  });

  test('list operations by hand as the site $manual, whichever object they were done through', async () => {
    const shared = new MemorySharedBackend();
    const cache = createCache({ shared: { kind: shared } });
    const other = createCache({ shared: { kind: new MemorySharedBackend({ records: shared.records }) } });
    await other.set('there', 1);
    await cache.set('here', 1);
    await cache.getMany(['here', 'there', 'nowhere', 'here']);
    await cache.getOrLoad('loaded', () => 1);
    const { sites, total } = cache.stats();
    expect('$manual' in createCache().stats().sites).toBe(false);
    expect(sites.$manual).toMatchObject({ localHits: 1, sharedHits: 1, misses: 2, loads: 1 });
    expect(total).toEqual(sites.$manual);
  });
});
