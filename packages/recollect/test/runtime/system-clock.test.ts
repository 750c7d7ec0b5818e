import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createCache } from 'recollect';
import { SystemClock } from '../../src/runtime/system-clock.js';

describe('the clock of the process', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  test('is never ahead with its coarse time, and at most one tick behind', () => {
    const clock = new SystemClock();
    const start = clock.now();
    expect(clock.coarse).toBe(start);
    jest.advanceTimersByTime(63);
    expect(clock.coarse).toBe(start);
    jest.advanceTimersByTime(1);
    expect(clock.coarse).toBe(start + 64);
    expect(clock.now()).toBe(start + 64);
    clock.sleep();
  });

  test('falls asleep when nobody asks, says Infinity then, and wakes when asked', () => {
    let slept = 0;
    const clock = new SystemClock(() => {
      slept += 1;
    });
    expect(clock.coarse).toBe(Number.POSITIVE_INFINITY);
    clock.now();
    expect(jest.getTimerCount()).toBe(1);
    jest.advanceTimersByTime(2_000);
    expect(clock.coarse).toBe(Number.POSITIVE_INFINITY);
    expect(slept).toBe(1);
    expect(jest.getTimerCount()).toBe(0);
    const now = clock.now();
    expect(clock.coarse).toBe(now);
    clock.sleep();
  });

  test('stays awake while somebody asks', () => {
    const clock = new SystemClock();
    for (let tick = 0; tick < 100; tick += 1) {
      clock.now();
      jest.advanceTimersByTime(64);
      expect(clock.coarse).toBeLessThan(Number.POSITIVE_INFINITY);
    }
    clock.sleep();
  });

  test('a jump of the wall clock changes nothing', async () => {
    const cache = createCache();
    let loads = 0;
    const fn = cache.cachedFunction(async () => ++loads, { name: 'fn', minutes: 1 });
    await fn();
    jest.setSystemTime(Date.now() + 3_600_000);
    expect(await fn()).toBe(1);
    jest.setSystemTime(0);
    expect(await fn()).toBe(1);
    jest.advanceTimersByTime(60_001);
    expect(await fn()).toBe(2);
    await cache.close();
  });
});

test('a loop of hits that never yields still sees an entry expire', () => {
  const cache = createCache();
  let loads = 0;
  const fn = cache.cachedFunction((id: string) => `${id}${++loads}`, { localOnly: true, milliseconds: 20 });
  const end = performance.now() + 2_000;
  while (loads < 2 && performance.now() < end) fn('k');
  expect(loads).toBe(2);
});
