import { describe, expect, test } from '@jest/globals';
import { gate } from '@recollect/testing';
import { AtMostOnceError, BackendError } from 'recollect';
import { Fleet, outcome } from './fleet.js';

describe.each([
  { atomicWrites: 'at_least_once' },
  { atomicWrites: 'at_most_once' },
  { lease: true },
] as const)('with %o', (options) => {
  test('one process loads and the others get its value', async () => {
    const fleet = new Fleet(options);
    const members = [fleet.join(), fleet.join(), fleet.join()];
    const reply = gate<string>();
    fleet.load = () => reply.opened;
    const reads = members.map(({ read }) => read('k'));
    await reply.arrived;
    await fleet.clock.advanceAsync(200);
    reply.open('loaded');
    await fleet.clock.advanceAsync(100);
    expect(await Promise.all(reads)).toEqual(['loaded', 'loaded', 'loaded']);
    expect(fleet.starts).toBe(1);
    expect(members.map(({ cache }) => cache.stats().loading)).toEqual([0, 0, 0]);
  });

  test('those who wait are woken by the commit, long before their pause is over', async () => {
    const fleet = new Fleet(options);
    const [one, two] = [fleet.join(), fleet.join()];
    const reply = gate<string>();
    fleet.load = () => reply.opened;
    const first = one.read('k');
    await reply.arrived;
    const second = outcome(two.read('k'));
    await fleet.clock.advanceAsync(0);
    reply.open('loaded');
    await first;
    await fleet.clock.advanceAsync(0);
    expect(second.now()).toEqual({ value: 'loaded' });
  });

  test('an invalidation breaks the lease: what was loaded before it is answered and not stored', async () => {
    const fleet = new Fleet(options);
    const [one, two] = [fleet.join('SimpleCache'), fleet.join('SimpleCache')];
    const reply = gate<string>();
    fleet.load = () => reply.opened;
    const before = one.read('k');
    await reply.arrived;
    expect(await two.read.invalidate('k')).toEqual({ local: 'done', shared: 'done' });
    fleet.load = async () => 'new';
    const after = two.read('k');
    await fleet.clock.advanceAsync(100);
    expect(await after).toBe('new');
    reply.open('old');
    expect(await before).toBe(options.atomicWrites === 'at_most_once' ? 'new' : 'old');
    expect([one.read.peek('k'), await one.read('k'), await two.read('k')]).toEqual([undefined, 'new', 'new']);
    expect(fleet.starts).toBe(2);
  });

  test('an invalidation of the whole site ends the epoch of a claim that is alive', async () => {
    const fleet = new Fleet(options);
    const [one, two] = [fleet.join(), fleet.join()];
    const reply = gate<string>();
    fleet.load = () => reply.opened;
    const before = one.read('k');
    await reply.arrived;
    await two.read.invalidateAll();
    fleet.load = async () => 'new';
    const after = two.read('k');
    await fleet.clock.advanceAsync(0);
    expect(await after).toBe('new');
    reply.open('old');
    await before;
    await one.cache.settled();
    expect([await one.read('k'), await two.read('k')]).toEqual(['new', 'new']);
    expect(fleet.starts).toBe(2);
  });

  test('an invalidation of the whole site by the process that loads leaves no claim behind', async () => {
    const fleet = new Fleet(options);
    const one = fleet.join();
    const reply = gate<string>();
    fleet.load = () => reply.opened;
    const before = one.read('k');
    await reply.arrived;
    await one.read.invalidateAll();
    reply.open('old');
    await before;
    await one.cache.settled();
    expect(one.backend.script.calls('commit')).toBe(1);
  });

  test('a value of an epoch that is over is replaced', async () => {
    const fleet = new Fleet(options);
    const [one, two] = [fleet.join(), fleet.join()];
    await one.read('k');
    await one.read.invalidateAll();
    fleet.load = async () => 'new';
    expect([await two.read('k'), await one.read('k')]).toEqual(['new', 'new']);
    expect(fleet.starts).toBe(2);
  });

  test('a load that is claimed after an invalidation is stored, though it was asked for before that had ended', async () => {
    const fleet = new Fleet(options);
    const [one, two] = [fleet.join('SimpleCache'), fleet.join()];
    await two.read('other');
    const late = gate();
    one.backend.script.rewrite([{ operation: 'read', nth: 1, fault: late }]);
    const invalidated = one.read.invalidate('k');
    const read = one.read('k');
    await late.arrived;
    await invalidated;
    late.open();
    fleet.starts = 0;
    expect([await read, await one.read('k'), await two.read('k')]).toEqual(['value', 'value', 'value']);
    expect(fleet.starts).toBe(1);
  });

  test('a value set by hand overtakes a load', async () => {
    const fleet = new Fleet(options);
    const [one, two] = [fleet.join(), fleet.join()];
    const reply = gate<string>();
    fleet.load = () => reply.opened;
    const before = one.read('k');
    await reply.arrived;
    await two.read.set(['k'], 'set');
    reply.open('old');
    await before;
    expect([await one.read('k'), await two.read('k')]).toEqual(['set', 'set']);
  });

  test('a load that fails gives the turn to whoever asks next, and its own error to its own callers', async () => {
    const fleet = new Fleet(options);
    const [one, two] = [fleet.join(), fleet.join()];
    const reply = gate<string>();
    fleet.load = () => reply.opened;
    const failing = one.read('k');
    const joined = one.read('k');
    await reply.arrived;
    const waiting = two.read('k');
    await fleet.clock.advanceAsync(0);
    fleet.load = async () => 'second';
    reply.fail(new RangeError('down'));
    await expect(failing).rejects.toThrow(RangeError);
    await expect(joined).rejects.toThrow('down');
    await fleet.clock.advanceAsync(50);
    expect(await waiting).toBe('second');
    expect(fleet.starts).toBe(2);
  });

  test('a value that expires begins a new epoch', async () => {
    const fleet = new Fleet(options);
    const one = fleet.join();
    await one.read('k');
    await fleet.clock.advanceAsync(3_600_001);
    await one.read('k');
    expect(fleet.starts).toBe(2);
  });

  test('a lease is renewed for as long as the load goes on', async () => {
    const fleet = new Fleet(options);
    const [one, two] = [fleet.join(), fleet.join()];
    const reply = gate<string>();
    fleet.load = () => reply.opened;
    const first = one.read('k');
    await reply.arrived;
    await fleet.clock.advanceAsync(3_000);
    const second = two.read('k');
    await fleet.clock.advanceAsync(3_000);
    reply.open('loaded');
    await fleet.clock.advanceAsync(50);
    expect(await Promise.all([first, second])).toEqual(['loaded', 'loaded']);
    expect(fleet.starts).toBe(1);
  });

  test('a commit whose reply is lost counts as what it came to', async () => {
    const fleet = new Fleet(options);
    const [one, two] = [fleet.join(), fleet.join()];
    one.backend.script.rewrite([{ operation: 'commit', nth: 1, fault: 'lose-reply' }]);
    const first = one.read('k');
    await fleet.clock.advanceAsync(0);
    expect(await first).toBe('value');
    await fleet.clock.advanceAsync(1_000);
    await one.cache.settled();
    expect(await two.read('k')).toBe('value');
    expect(fleet.starts).toBe(1);
  });
});

test('one process is as many: its own callers share one claim', async () => {
  const fleet = new Fleet({ atomicWrites: 'at_most_once' });
  const one = fleet.join();
  const reads = Array.from({ length: 100 }, () => one.read('k'));
  expect(new Set(await Promise.all(reads))).toEqual(new Set(['value']));
  expect(one.backend.script.calls('claim')).toBe(1);
});

test('arguments that cannot be claimed run nothing at most once', async () => {
  const fleet = new Fleet({ atomicWrites: 'at_most_once' });
  const { read } = fleet.join();
  const error = await read('x'.repeat(300_000)).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ name: 'AtMostOnceError', kind: 'unavailable', site: 'read' });
  expect(fleet.starts).toBe(0);
});

test('after the cache is closed nothing runs at most once, and everything at least once', async () => {
  const most = new Fleet({ atomicWrites: 'at_most_once' });
  const one = most.join();
  await one.cache.close();
  await expect(one.read('k')).rejects.toThrow(AtMostOnceError);
  const least = new Fleet({ atomicWrites: 'at_least_once' });
  const other = least.join();
  await other.cache.close();
  expect(await other.read('k')).toBe('value');
  expect([most.starts, least.starts]).toEqual([0, 1]);
});

test('while nobody can be asked, each process loads for itself and keeps what it has', async () => {
  const fleet = new Fleet({ atomicWrites: 'at_least_once' });
  const one = fleet.join('SimpleCache');
  one.backend.script.rewrite([{ operation: 'claim', fault: 'throw' }]);
  expect([await one.read('k'), await one.read('k')]).toEqual(['value', 'value']);
  expect(fleet.starts).toBe(1);
  expect(one.read.stats().failures).toBe(1);
  expect(await fleet.join().read('k')).toBe('value');
  expect(fleet.starts).toBe(2);
});

test.each(['throw', 'lose-reply'] as const)(
  'a claim that fails by %s runs nothing at most once',
  async (fault) => {
    const fleet = new Fleet({ atomicWrites: 'at_most_once' });
    const one = fleet.join('SimpleCache');
    one.backend.script.rewrite([{ operation: 'claim', nth: 1, fault }]);
    const error = await one.read('k').catch((reason: unknown) => reason);
    expect(error).toMatchObject({ kind: 'unavailable', cause: expect.any(BackendError) });
    expect(fleet.starts).toBe(0);
    expect(one.cache.stats().loading).toBe(0);
  },
);

test('a read that fails before the claim runs nothing at most once', async () => {
  const fleet = new Fleet({ atomicWrites: 'at_most_once' });
  const one = fleet.join();
  one.backend.script.rewrite([{ operation: 'read', nth: 1, fault: 'throw' }]);
  await expect(one.read('k')).rejects.toMatchObject({ kind: 'unavailable' });
  expect(fleet.starts).toBe(0);
  expect(await one.read('k')).toBe('value');
});
