import { expect, test } from '@jest/globals';
import { FakeClock, MemorySharedBackend } from '@recollect/testing';
import { type BackendHealth, createCache, type HealthChange } from 'recollect';
import { HealthWatch } from '../../src/observe/health-watch.js';

function scene() {
  const clock = new FakeClock();
  const told: HealthChange[] = [];
  const state: { health: () => BackendHealth | undefined; reads: number } = {
    health: () => ({ degraded: false, reasons: [] }),
    reads: 0,
  };
  const ask = (): BackendHealth | undefined => {
    state.reads++;
    return state.health();
  };
  const watch = new HealthWatch(ask, clock, (change) => told.push(change));
  const ail = (...reasons: string[]): void => {
    state.health = () => ({ degraded: reasons.length > 0, reasons });
  };
  return { ail, clock, state, told, watch };
}

test('looks only when it is asked to, and tells changes only', () => {
  const { ail, clock, state, told, watch } = scene();
  watch.check();
  clock.advance(60_000);
  expect([told, state.reads, clock.pending]).toEqual([[], 1, 0]);
  ail('full');
  watch.check();
  expect(told).toEqual([{ degraded: true, reasons: ['full'] }]);
});

test('looks once a second while it is degraded, however many failures there are', () => {
  const { ail, clock, state, told, watch } = scene();
  ail('full');
  for (let i = 0; i < 100; i++) watch.check();
  expect(state.reads).toBe(1);
  clock.advance(10_000);
  expect([told.length, state.reads, clock.pending]).toEqual([1, 11, 1]);
  ail();
  clock.advance(1_000);
  expect(told.map(({ degraded }) => degraded)).toEqual([true, false]);
  expect(clock.pending).toBe(0);
});

test('what it tells does not change afterwards', () => {
  const { state, told, watch } = scene();
  const reasons = ['full'];
  state.health = () => ({ degraded: true, reasons });
  watch.check();
  reasons.push('more');
  expect(told).toEqual([{ degraded: true, reasons: ['full'] }]);
  expect(Object.isFrozen(told[0]) && Object.isFrozen(told[0]?.reasons)).toBe(true);
});

test('a backend that throws, or cannot tell, is taken to be as it was', () => {
  const { ail, clock, state, told, watch } = scene();
  const broken = (): never => {
    throw new Error('health');
  };
  state.health = broken;
  watch.check();
  state.health = () => undefined;
  watch.check();
  expect([told, clock.pending]).toEqual([[], 0]);
  ail('full');
  watch.check();
  state.health = broken;
  clock.advance(5_000);
  expect([told.length, clock.pending]).toEqual([1, 1]);
  ail();
  clock.advance(1_000);
  expect(told).toHaveLength(2);
});

test('after its end it neither looks nor tells', () => {
  const { ail, clock, state, told, watch } = scene();
  ail('full');
  watch.check();
  watch.close();
  ail();
  clock.advance(5_000);
  watch.check();
  expect([told.length, state.reads, clock.pending]).toEqual([1, 1, 0]);
});

test('a cache that is closed leaves no timer, and says why it is degraded', async () => {
  class Away extends MemorySharedBackend {
    override async read(): Promise<never> {
      throw new Error('away');
    }
    health = (): BackendHealth => ({ degraded: true, reasons: ['away'] });
  }
  const clock = new FakeClock();
  const cache = createCache({ clock, shared: { kind: Away } });
  await expect(cache.get('k')).rejects.toThrow('away');
  expect(clock.pending).toBe(1);
  expect(cache.health()).toEqual({ ok: true, degraded: true, reasons: ['away'] });
  await cache.close();
  expect(clock.pending).toBe(0);
  expect(cache.health()).toEqual({ ok: false, degraded: true, reasons: ['the cache is closed', 'away'] });
});
