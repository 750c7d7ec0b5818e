import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Access } from 'recollect/guard';
import { Fault, GuardedStore, tally } from './guarded-store.js';

/** Opened by five failed reads, and then not asked for as long as it is open. */
async function halfOpen(store: GuardedStore): Promise<void> {
  await store.times(5, 'read', 'unreachable');
  store.clock.advance(1_000);
}

describe('half-open', () => {
  test('exactly one of 10,000 calls is sent', async () => {
    const store = new GuardedStore();
    await halfOpen(store);
    const calls = Array.from({ length: 10_000 }, () => store.hang());
    store.hanging[0]?.open();
    expect(tally(await Promise.all(calls))).toEqual({ done: 1, OpenCircuitError: 9_999 });
    expect(store.sent).toBe(5 + 1);
    expect(store.guard.counts()).toMatchObject({ probes: 1, rejectedByBreaker: 9_999 });
  });

  test('after each probe another, one at a time, and after three of them the ramp', async () => {
    const store = new GuardedStore();
    await halfOpen(store);
    for (let probe = 0; probe < 3; probe++) {
      const calls = [store.hang(), store.hang(), store.hang()];
      store.hanging.pop()?.open();
      expect(await Promise.all(calls)).toEqual(['done', 'OpenCircuitError', 'OpenCircuitError']);
    }
    expect(store.guard.counts().probes).toBe(3);
    expect(store.guard.health().reasons[0]).toContain('step by step');
  });

  test.each([0, 1, 2])('a probe that fails after %s that succeeded opens it again', async (succeeded) => {
    const store = new GuardedStore();
    await halfOpen(store);
    await store.times(succeeded, 'read');
    expect(await store.end('read', 'unreachable')).toBe('unreachable');
    store.clock.advance(1_999);
    expect(await store.end('read')).toBe('OpenCircuitError');
    store.clock.advance(1);
    await store.probe('read');
    expect(store.guard.counts().probes).toBe(succeeded + 1 + 3);
  });

  test('a probe that hangs is over at its deadline', async () => {
    const store = new GuardedStore();
    await halfOpen(store);
    const probe = store.hang();
    store.clock.advance(100);
    expect(await probe).toBe('DeadlineError');
    store.clock.advance(2_000);
    expect(await store.end('read')).toBe('done');
  });

  test('a probe that finds no room is none, and the next one is', async () => {
    const store = new GuardedStore({ maxInFlight: 5 });
    const hanging = Array.from({ length: 5 }, () => store.hang());
    store.clock.advance(100);
    expect(tally(await Promise.all(hanging))).toEqual({ DeadlineError: 5 });
    store.clock.advance(1_000);
    expect(await store.end('read')).toBe('OverloadError');
    for (const { open } of store.hanging) open();
    await store.clock.advanceAsync(0);
    expect(await store.end('read')).toBe('done');
    expect(store.guard.counts().probes).toBe(1);
  });

  test('what was asked for before the outage tells nothing of its end', async () => {
    const store = new GuardedStore({ deadlineMs: 10_000 });
    const [good, bad] = [store.hang(), store.hang()];
    await halfOpen(store);
    const probe = store.hang();
    store.hanging[0]?.open();
    expect(await good).toBe('done');
    expect(await store.end('read')).toBe('OpenCircuitError');
    store.hanging[2]?.open();
    expect(await probe).toBe('done');
    await store.times(2, 'read');
    store.hanging[1]?.fail(new Fault('unreachable'));
    expect(await bad).toBe('unreachable');
    // On the ramp a failure would open it again, were it not from another time.
    expect(store.guard.health().reasons[0]).toContain('step by step');
  });
});

describe('the ramp', () => {
  /** How many of 100 calls are sent. */
  const share = async (store: GuardedStore) => tally(await store.times(100, 'read')).done;

  test('lets through every 10th call, then every 2nd, then all', async () => {
    const store = new GuardedStore();
    await halfOpen(store);
    await store.probe('read');
    expect(await share(store)).toBe(10);
    store.clock.advance(249);
    expect(await share(store)).toBe(10);
    store.clock.advance(1);
    expect(await share(store)).toBe(50);
    store.clock.advance(250);
    expect(await share(store)).toBe(100);
    expect(store.guard.health().reasons).toEqual(['Store: writes are not sent: they failed']);
  });

  test('steps last two deadlines, so that a failure can show', async () => {
    const store = new GuardedStore({ deadlineMs: 1_000 });
    await halfOpen(store);
    await store.probe('read');
    store.clock.advance(1_999);
    expect(await share(store)).toBe(10);
  });

  test('one failure opens it again, for twice as long', async () => {
    const store = new GuardedStore();
    await halfOpen(store);
    await store.probe('read');
    expect(tally(await store.times(20, 'read', 'unreachable'))).toEqual({
      unreachable: 1,
      OpenCircuitError: 19,
    });
    store.clock.advance(1_999);
    expect(await store.end('read')).toBe('OpenCircuitError');
    store.clock.advance(1);
    expect(await store.end('read')).toBe('done');
  });

  test('once closed, the next outage begins with the shortest time', async () => {
    const store = new GuardedStore();
    await halfOpen(store);
    await store.end('read', 'unreachable');
    store.clock.advance(2_000);
    await store.probe('read');
    store.clock.advance(500);
    expect(await store.end('read')).toBe('done');
    await store.times(5, 'read', 'unreachable');
    store.clock.advance(1_000);
    expect(await store.end('read')).toBe('done');
  });
});

describe('the time it is open', () => {
  /** Milliseconds from now until an operation is sent, which then fails. */
  async function wait(store: GuardedStore, access: Access): Promise<number> {
    for (let ms = 0; ; ms += 10) {
      if ((await store.end(access, 'unreachable')) !== 'OpenCircuitError') return ms;
      store.clock.advance(10);
    }
  }

  test('doubles up to the longest', async () => {
    const store = new GuardedStore({ breaker: { openMs: 100, longestOpenMs: 1_000 } });
    await store.times(5, 'read', 'unreachable');
    const waits: number[] = [];
    for (let probe = 0; probe < 7; probe++) waits.push(await wait(store, 'read'));
    expect(waits).toEqual([100, 200, 400, 800, 1_000, 1_000, 1_000]);
  });

  test('varies by a fifth, and not by more', async () => {
    const seed = 20_240_917;
    await fc.assert(
      fc.asyncProperty(fc.double({ min: 0, max: 1, noNaN: true }), async (random) => {
        const store = new GuardedStore();
        store.random = random;
        await store.times(5, 'read', 'unreachable');
        const ms = await wait(store, 'read');
        expect(ms).toBeGreaterThanOrEqual(800);
        expect(ms).toBeLessThanOrEqual(1_200);
        expect(Math.abs(ms - (800 + 400 * random))).toBeLessThanOrEqual(10);
      }),
      { seed, numRuns: 50, examples: [[0], [1]] },
    );
  });
});
