import { describe, expect, test } from '@jest/globals';
import { faultPlan } from '../src/generator/fault-plan.js';
import { seeded } from '../src/generator/seeded.js';
import { keysOf, loadPlans, type Step, steps } from '../src/generator/steps.js';
import { sitesOf } from '../src/options.js';

const keys = keysOf(3);
const some = (seed: number, label: string, mode = 'all'): Step[] => {
  const endless = steps(seed, label, sitesOf(mode), keys);
  return Array.from({ length: 2_000 }, () => endless.next().value);
};

describe('what clients do', () => {
  test('is the same for the same seed and label, and another for another', () => {
    expect(some(1, 'w0/0')).toEqual(some(1, 'w0/0'));
    expect(some(2, 'w0/0')).not.toEqual(some(1, 'w0/0'));
    expect(some(1, 'w0/1')).not.toEqual(some(1, 'w0/0'));
  });

  test('is mostly to call, of all sites and keys', () => {
    const drawn = some(1, 'x');
    const share = (kind: string) => drawn.filter((step) => step.kind === kind).length / drawn.length;
    expect(share('call')).toBeGreaterThan(0.9);
    expect(share('invalidate')).toBeGreaterThan(0.03);
    expect(share('invalidateAll')).toBeGreaterThan(0);
    expect(new Set(drawn.map(({ key }) => key))).toEqual(new Set([...keys, '*']));
    expect(new Set(drawn.map(({ site }) => site)).size).toBe(4);
  });

  test('is to resolve only where that means something', () => {
    const resolved = some(1, 'x').filter(({ kind }) => kind === 'resolve');
    expect(new Set(resolved.map(({ site }) => site))).toEqual(new Set(['most']));
  });
});

test('loads are short for the most part, some are long, some fail', () => {
  const endless = loadPlans(1, 'x');
  const drawn = Array.from({ length: 2_000 }, () => endless.next().value);
  const share = (test: (plan: (typeof drawn)[number]) => boolean) => drawn.filter(test).length / drawn.length;
  expect(share(({ ms }) => ms <= 25)).toBeGreaterThan(0.8);
  expect(share(({ ms }) => ms >= 50)).toBeGreaterThan(0.1);
  expect(share(({ fails }) => fails)).toBeGreaterThan(0.01);
  expect(share(({ fails }) => fails)).toBeLessThan(0.06);
});

describe('faults', () => {
  const plan = (seed: number, topology: 'standalone' | 'cluster' | 'sentinel' = 'standalone') =>
    faultPlan(seed, topology, 5, 60_000);

  test('are the same for the same seed, in order, and within the round', () => {
    expect(plan(1)).toEqual(plan(1));
    expect(plan(2)).not.toEqual(plan(1));
    const times = plan(1).map(({ at }) => at);
    expect(times).toEqual([...times].sort((one, other) => one - other));
    expect(Math.max(...times)).toBeLessThan(60_000);
  });

  test('come more than once a second, of every kind that the topology has', () => {
    expect(plan(1).length).toBeGreaterThan(60);
    const kinds = (topology: 'standalone' | 'cluster' | 'sentinel') =>
      new Set([1, 2, 3, 4].flatMap((seed) => plan(seed, topology)).map(({ kind }) => kind));
    expect(kinds('standalone').size).toBe(11);
    expect([...kinds('cluster')].filter((kind) => !kinds('standalone').has(kind)).sort()).toEqual([
      'clean-failover',
      'crash-master',
      'move-slot',
    ]);
    expect([...kinds('sentinel')].filter((kind) => !kinds('standalone').has(kind)).sort()).toEqual([
      'crash-master',
      'forced-failover',
    ]);
  });

  test('of the same process do not overlap', () => {
    const ofProcess = plan(3).filter(({ kind, worker }) => worker === 2 && /worker/.test(kind));
    expect(ofProcess.length).toBeGreaterThan(3);
    for (const [index, { at }] of ofProcess.entries()) {
      const before = ofProcess[index - 1];
      if (before !== undefined) expect(at).toBeGreaterThanOrEqual(before.at + before.forMs);
    }
  });
});

test('choices by weight come as often as the weights say', () => {
  const random = seeded(1, 'weights');
  const drawn = Array.from({ length: 4_000 }, () => random.weighted({ often: 3, seldom: 1, never: 0 }));
  const count = (name: string) => drawn.filter((each) => each === name).length;
  expect(count('never')).toBe(0);
  expect(count('often') / count('seldom')).toBeGreaterThan(2.6);
  expect(count('often') / count('seldom')).toBeLessThan(3.4);
});
