import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import { gate } from '@recollect/testing';
import type { Clock } from 'recollect';
import { Guard } from 'recollect/guard';
import { Fault, GuardedStore, type Outcome, outcome, tally } from './guarded-store.js';

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('a deadline', () => {
  test('cuts an operation off, and not before', async () => {
    const store = new GuardedStore();
    const seen: Outcome[] = [];
    void store.hang().then((one) => seen.push(one));
    await store.clock.advanceAsync(99);
    expect(seen).toEqual([]);
    await store.clock.advanceAsync(1);
    expect(seen).toEqual(['DeadlineError']);
    expect(store.guard.counts().deadlines).toBe(1);
  });

  test.each([
    [1_000, 900, 1_000],
    [100, 90, 100],
    [50, 45, 50],
    [20, 18, 25],
    [1, 0.9, 2],
  ])('of %s ms cuts off between %s and %s ms', async (deadlineMs, least, most) => {
    const store = new GuardedStore({ deadlineMs, breaker: false });
    const waits: number[] = [];
    for (let call = 0; call < 40; call++) {
      const start = store.clock.now();
      void store.hang().then(() => waits.push(store.clock.now() - start));
      await store.clock.advanceAsync(deadlineMs / 20 + 0.37);
    }
    await store.clock.advanceAsync(2 * deadlineMs);
    expect(waits).toHaveLength(40);
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(least);
    expect(Math.max(...waits)).toBeLessThanOrEqual(most);
  });

  test('needs one timer for all, and none when nothing is under way', async () => {
    const store = new GuardedStore();
    expect(store.clock.pending).toBe(0);
    const calls = Array.from({ length: 500 }, () => store.hang());
    expect(store.clock.pending).toBe(1);
    for (const { open } of store.hanging) open();
    expect(tally(await Promise.all(calls))).toEqual({ done: 500 });
    store.clock.advance(10);
    expect(store.clock.pending).toBe(0);
    await store.end('read');
    expect(store.clock.pending).toBe(1);
  });

  test('leaves those in time alone, in whatever order they end', async () => {
    const store = new GuardedStore();
    const calls = Array.from({ length: 6 }, () => store.hang());
    for (const at of [3, 0, 5]) store.hanging[at]?.open();
    await store.clock.advanceAsync(100);
    const late = 'DeadlineError';
    expect(await Promise.all(calls)).toEqual(['done', late, late, 'done', late, 'done']);
  });

  test('what comes too late is not heard, and is no unhandled rejection', async () => {
    const unhandled: unknown[] = [];
    const listen = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', listen);
    try {
      const store = new GuardedStore({ breaker: false });
      const calls = Array.from({ length: 20 }, () => store.hang());
      store.clock.advance(100);
      expect(tally(await Promise.all(calls))).toEqual({ DeadlineError: 20 });
      for (const [at, reply] of store.hanging.entries())
        at % 2 === 0 ? reply.fail(new Error('late')) : reply.open();
      await turn();
      await turn();
      expect(unhandled).toEqual([]);
      expect(tally(await store.times(20, 'read'))).toEqual({ done: 20 });
    } finally {
      process.off('unhandledRejection', listen);
    }
  });

  test('missed counts as one failure, whatever comes after it', async () => {
    const store = new GuardedStore();
    const miss = async (count: number) => {
      const calls = Array.from({ length: count }, () => store.hang());
      await store.clock.advanceAsync(100);
      expect(tally(await Promise.all(calls))).toEqual({ DeadlineError: count });
    };
    await miss(3);
    for (const { fail } of store.hanging) fail(new Fault('unreachable'));
    await store.clock.advanceAsync(0);
    expect(await store.end('read')).toBe('done');
    await miss(4);
    for (const { open } of store.hanging) open();
    await store.clock.advanceAsync(0);
    expect(await store.end('read', 'unreachable')).toBe('unreachable');
    expect(await store.end('read')).toBe('OpenCircuitError');
  });

  test('is not missed by replies that wait to be read after a busy spell', async () => {
    const tasks: (() => void)[] = [];
    const clock = {
      time: 0,
      coarse: 0,
      now: () => clock.time,
      after: (_ms: number, run: () => void) => tasks.push(run),
    };
    const reply = gate<string>();
    const guard = new Guard(
      'Store',
      {},
      { clock: clock as unknown as Clock, report: () => {} },
      { faultOf: () => 'unreachable' },
    );
    const inTime = guard.run('read', 0, () => reply.opened);
    const silent = outcome(guard.run('read', 0, () => gate().opened));
    // The process did something else for two seconds: the timer runs first, and only then the reply is read.
    clock.time = 2_000;
    tasks.shift()?.();
    reply.open('here');
    expect(await inTime).toBe('here');
    // Busy again; but there was one chance to read.
    clock.time = 4_000;
    tasks.shift()?.();
    expect(await silent).toBe('DeadlineError');
  });
});

describe('room', () => {
  test('over the count there is none, in the same tick, and the store has not failed', async () => {
    const store = new GuardedStore({ maxInFlight: 3 });
    const calls = Array.from({ length: 50 }, () => store.hang());
    expect(store.sent).toBe(3);
    expect(store.guard.health().reasons).toEqual([
      'Store: 3 operations with 0 bytes are under way, as many as may be',
    ]);
    for (const { open } of store.hanging) open();
    expect(tally(await Promise.all(calls))).toEqual({ done: 3, OverloadError: 47 });
    expect(store.guard.counts()).toMatchObject({ overloads: 47, rejectedByBreaker: 0 });
    expect(store.guard.health().degraded).toBe(false);
  });

  test('bytes are counted while they are held', async () => {
    const store = new GuardedStore({ maxInFlightBytes: 100 });
    const first = store.hang('write', 60);
    expect(await store.hang('write', 41)).toBe('OverloadError');
    const second = store.hang('write', 40);
    store.hanging[0]?.open();
    expect(await first).toBe('done');
    const third = store.hang('write', 60);
    for (const { open } of store.hanging) open();
    expect([await second, await third]).toEqual(['done', 'done']);
    for (const bytes of [101, Number.NaN, -1]) expect(await store.hang('write', bytes)).toBe('OverloadError');
    const whole = store.hang('write', 100);
    store.hanging.at(-1)?.open();
    expect(await whole).toBe('done');
  });

  test('work that throws, or returns no promise, gives its place back', async () => {
    const store = new GuardedStore({ maxInFlight: 1, breaker: false });
    const works = [
      () => {
        throw new Error('at once');
      },
      () => undefined as unknown as Promise<void>,
    ];
    for (const work of works) await expect(store.guard.run('read', 1, work)).rejects.toThrow();
    expect(await store.end('read')).toBe('done');
  });

  test('100,000 operations that hang hold no more than those that fit', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const used = () => {
      collect();
      return process.memoryUsage().heapUsed;
    };
    const store = new GuardedStore({ breaker: false });
    const forever = new Promise<void>(() => {});
    let sent = 0;
    const overload = { count: 0 };
    const before = used();
    for (let call = 0; call < 100_000; call++) {
      const running = store.guard.run('read', 100, () => {
        sent++;
        return forever;
      });
      running.catch(() => void overload.count++);
      if (call % 1_000 === 0) {
        store.clock.advance(50);
        await turn();
      }
    }
    expect(used() - before).toBeLessThan(8 * 1024 * 1024);
    expect(sent).toBe(1_000);
    expect(store.guard.counts().overloads).toBe(99_000);
  });
});

describe('a store that freezes, at 2,000 calls a second', () => {
  test('makes no more calls wait than come within one deadline, and probes', async () => {
    const store = new GuardedStore({ maxInFlight: 10_000 });
    const outcomes: Outcome[] = [];
    const waits: number[] = [];
    const call = () => {
      const start = store.clock.now();
      void store.hang().then((one) => {
        outcomes.push(one);
        waits.push(store.clock.now() - start);
      });
    };
    for (let count = 0; count < 10_000; count++) {
      call();
      await store.clock.advanceAsync(0.5);
    }
    const { deadlines, probes } = store.guard.counts();
    console.info(`frozen for 5 s: ${deadlines} of 10,000 calls waited, ${probes} probes`);
    expect(deadlines).toBeLessThanOrEqual(2_000 * 0.1 + probes);
    // After about 1 s and after 2 s more.
    expect(probes).toBe(2);
    expect(waits.filter((ms) => ms > 0).length).toBe(deadlines);
    expect(Math.max(...waits)).toBeLessThanOrEqual(110);
    expect(tally(outcomes)).toEqual({ DeadlineError: deadlines, OpenCircuitError: 10_000 - deadlines });
  });
});

describe('a connection is taken for dead', () => {
  test('when nothing has ended for two deadlines, and again after two more', async () => {
    const store = new GuardedStore();
    void store.hang();
    await store.clock.advanceAsync(199);
    expect(store.stalls).toBe(0);
    await store.clock.advanceAsync(1);
    expect(store.stalls).toBe(1);
    await store.clock.advanceAsync(200);
    expect(store.stalls).toBe(2);
    store.hanging[0]?.fail(new Error('replaced'));
    await store.clock.advanceAsync(1_000);
    expect([store.stalls, store.clock.pending]).toEqual([2, 0]);
  });

  test('not when it was idle before', async () => {
    const store = new GuardedStore();
    await store.end('read');
    await store.clock.advanceAsync(10_000);
    void store.hang();
    await store.clock.advanceAsync(150);
    expect(store.stalls).toBe(0);
  });

  test('not while anything ends in time, however many do not', async () => {
    const store = new GuardedStore({ breaker: false });
    for (let ms = 0; ms < 2_000; ms += 10) {
      if (ms % 50 === 0) void store.hang();
      await store.end('read');
      await store.clock.advanceAsync(10);
    }
    expect(store.stalls).toBe(0);
  });

  test('when many in a row end too late, over two deadlines', async () => {
    const store = new GuardedStore({ breaker: false });
    // Every reply takes three deadlines, so that something ends all the time.
    for (let ms = 0; ms < 1_000; ms += 10) {
      void store.hang();
      if (ms >= 300) store.hanging[ms / 10 - 30]?.open();
      await store.clock.advanceAsync(10);
      if (ms === 280) expect(store.stalls).toBe(1);
    }
    expect(store.stalls).toBeGreaterThanOrEqual(3);
    expect(store.stalls).toBeLessThanOrEqual(5);
  });

  test('with the first probe that hangs as well', async () => {
    const store = new GuardedStore();
    const calls = Array.from({ length: 5 }, () => store.hang());
    await store.clock.advanceAsync(100);
    for (const { open } of store.hanging) open();
    await Promise.all(calls);
    await store.clock.advanceAsync(1_000);
    void store.hang();
    await store.clock.advanceAsync(50);
    expect(store.stalls).toBe(0);
    await store.clock.advanceAsync(50);
    expect(store.stalls).toBe(1);
  });
});

describe('close', () => {
  test('lets nothing more through, keeps the deadlines of what is under way, and ends the timer', async () => {
    const store = new GuardedStore();
    const call = store.hang();
    store.guard.close();
    store.guard.close();
    await expect(store.guard.run('read', 0, async () => 1)).rejects.toThrow('it is closed');
    await store.clock.advanceAsync(100);
    expect(await call).toBe('DeadlineError');
    expect([store.clock.pending, store.stalls]).toEqual([0, 0]);
  });
});

test('results come as they are, falsy ones too', async () => {
  const { guard } = new GuardedStore();
  for (const value of [undefined, null, 0, '', false, Number.NaN]) {
    expect(await guard.run('read', 0, async () => value)).toBe(value);
  }
});
