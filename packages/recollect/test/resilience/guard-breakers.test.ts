import { describe, expect, test } from '@jest/globals';
import type { Access, FaultKind } from 'recollect/guard';
import { GuardedStore, type Outcome, tally } from './guarded-store.js';

const other = (access: Access): Access => (access === 'read' ? 'write' : 'read');

describe('failures in a row', () => {
  const table: [FaultKind, Access, reads: Outcome, writes: Outcome][] = [
    ['unreachable', 'read', 'OpenCircuitError', 'OpenCircuitError'],
    ['unreachable', 'write', 'OpenCircuitError', 'OpenCircuitError'],
    ['write', 'read', 'done', 'OpenCircuitError'],
    ['write', 'write', 'done', 'OpenCircuitError'],
    ['key', 'read', 'done', 'done'],
    ['key', 'write', 'done', 'done'],
  ];

  test.each(table)(
    'five of kind %s in a %s: then reads are %s, writes %s',
    async (kind, access, reads, writes) => {
      const store = new GuardedStore();
      expect(await store.times(4, access, kind)).toEqual([kind, kind, kind, kind]);
      expect(store.guard.health().degraded).toBe(false);
      await store.end(access, kind);
      expect(await store.end('read')).toBe(reads);
      expect(await store.end('write')).toBe(writes);
    },
  );

  test.each<Access>(['read', 'write'])(
    'one of kind refused in a %s opens both, and is reported once',
    async (access) => {
      const store = new GuardedStore();
      await store.end(access, 'refused');
      expect([await store.end('read'), await store.end('write')]).toEqual([
        'OpenCircuitError',
        'OpenCircuitError',
      ]);
      expect(store.reports).toEqual([
        'Store: the store refuses us and is left alone for 30000 ms: a fault of kind refused',
      ]);
      store.clock.advance(29_999);
      expect(await store.end(access)).toBe('OpenCircuitError');
      store.clock.advance(1);
      expect(await store.end(access)).toBe('done');
    },
  );

  test('are forgotten with a success of the same kind of operation', async () => {
    const store = new GuardedStore();
    for (let round = 0; round < 3; round++) {
      await store.times(4, 'read', 'unreachable');
      await store.end('read');
    }
    expect(await store.end('read')).toBe('done');
    expect(await store.end('write')).toBe('done');
  });

  test('of reads far apart never open the writes that nobody tries', async () => {
    const store = new GuardedStore();
    for (let round = 0; round < 50; round++) {
      await store.end('read', 'unreachable');
      await store.end('read');
    }
    expect(await store.end('write')).toBe('done');
  });

  test('of writes are not forgotten with a success of a read, nor does one close their breaker', async () => {
    const store = new GuardedStore();
    for (let round = 0; round < 5; round++) {
      await store.end('write', 'unreachable');
      await store.end('read');
    }
    expect(await store.end('write')).toBe('OpenCircuitError');
    await store.times(100, 'read');
    expect(await store.end('write')).toBe('OpenCircuitError');
  });

  test('of kind key are successes', async () => {
    const store = new GuardedStore();
    await store.times(4, 'read', 'unreachable');
    await store.end('read', 'key');
    await store.times(4, 'read', 'unreachable');
    expect(await store.end('read')).toBe('done');
  });

  test('count for nothing where the breaker is off', async () => {
    const store = new GuardedStore({ breaker: false });
    expect(tally(await store.times(50, 'read', 'unreachable'))).toEqual({ unreachable: 50 });
    expect(tally(await store.times(50, 'write', 'refused'))).toEqual({ refused: 50 });
    expect([store.guard.health(), store.reports]).toEqual([{ ok: true, degraded: false, reasons: [] }, []]);
  });
});

test('a store that is full answers every read', async () => {
  const store = new GuardedStore();
  const reads: Outcome[] = [];
  const writes: Outcome[] = [];
  for (let call = 0; call < 2_000; call++) {
    writes.push(await store.end('write', 'write'));
    reads.push(await store.end('read'));
    store.clock.advance(1);
  }
  expect(tally(reads)).toEqual({ done: 2_000 });
  // Five at first, and the probe after one second.
  expect(tally(writes)).toEqual({ write: 6, OpenCircuitError: 1_994 });
});

test('who may read and not write keeps the reads, after one outage', async () => {
  const store = new GuardedStore();
  await store.end('write', 'refused');
  store.clock.advance(30_000);
  await store.probe('read');
  store.clock.advance(500);
  for (let round = 0; round < 5; round++) {
    expect(await store.end('write', 'refused')).toBe('refused');
    expect(await store.end('read')).toBe('done');
    expect(await store.end('write')).toBe('OpenCircuitError');
    store.clock.advance(30_000);
  }
  expect(store.reports).toEqual([
    expect.stringContaining('the store refuses us'),
    'Store: reads are sent to the store again, after 30500 ms',
  ]);
});

test('an outage is reported when it begins and when it ends, for reads and for writes', async () => {
  const store = new GuardedStore();
  await store.times(5, 'read', 'unreachable');
  for (let probe = 0; probe < 5; probe++) {
    store.clock.advance(30_000);
    await store.end('read', 'unreachable');
  }
  store.clock.advance(30_000);
  for (const access of ['read', 'write'] as const) await store.probe(access);
  store.clock.advance(500);
  for (const access of ['read', 'write'] as const) await store.end(access);
  expect(store.reports.sort()).toEqual([
    'Store: reads are not sent to the store for a while: a fault of kind unreachable',
    'Store: reads are sent to the store again, after 180500 ms',
    'Store: writes are not sent to the store for a while: a fault of kind unreachable',
    'Store: writes are sent to the store again, after 180500 ms',
  ]);
});

test('health says what is wrong, and never that the process is not fit', async () => {
  const store = new GuardedStore();
  expect(store.guard.health()).toEqual({ ok: true, degraded: false, reasons: [] });
  await store.times(5, 'write', 'write');
  expect(store.guard.health().reasons).toEqual(['Store: writes are not sent: they failed']);
  await store.end('read', 'refused');
  expect(store.guard.health()).toEqual({
    ok: true,
    degraded: true,
    reasons: ['Store: reads are not sent: the store refuses us', 'Store: writes are not sent: they failed'],
  });
  store.clock.advance(30_000);
  await store.probe('read');
  expect(store.guard.health().reasons[0]).toBe('Store: reads are let through again, step by step');
  store.clock.advance(500);
  expect(store.guard.health().reasons).toHaveLength(1);
});

test.each<Access>(['read', 'write'])(
  'a probe of a %s that is the only thing under way says nothing of the other',
  async (access) => {
    const store = new GuardedStore();
    await store.times(5, access, 'unreachable');
    store.clock.advance(1_000);
    await store.probe(access);
    store.clock.advance(500);
    expect(await store.end(access)).toBe('done');
    expect(store.guard.health().reasons).toHaveLength(1);
    expect(await store.end(other(access))).toBe('done');
    expect(store.guard.counts().probes).toBe(4);
  },
);

test('a hook or a listener that throws harms nobody', async () => {
  const store = new GuardedStore();
  const context = {
    clock: store.clock,
    report: () => {
      throw new Error('listener');
    },
  };
  const hooks = {
    faultOf: () => {
      throw new Error('classifier');
    },
  };
  const { Guard } = await import('recollect/guard');
  const guard = new Guard('Store', {}, context, hooks);
  for (let call = 0; call < 5; call++) {
    await expect(guard.run('read', 0, () => Promise.reject(new Error('store')))).rejects.toThrow('store');
  }
  expect(guard.health().degraded).toBe(true);
});
