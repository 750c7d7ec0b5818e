import { describe, expect, test } from '@jest/globals';
import { gate } from '@recollect/testing';
import { AtMostOnceError, ConfigurationError, currentFence } from 'recollect';
import { Fleet, outcome } from './fleet.js';

/** Lets the load of a process begin and never end, as when it is killed: its heart no longer beats. */
async function startAndDie(fleet: Fleet): Promise<void> {
  const never = gate<string>();
  fleet.load = () => never.opened;
  const dead = fleet.join();
  dead.backend.script.rewrite([{ operation: 'renew', fault: 'hang' }]);
  void dead.read('k').catch(() => {});
  await never.arrived;
  fleet.load = async () => 'second';
}

describe('at_least_once', () => {
  test('when the holder dies another takes over within one lease', async () => {
    const fleet = new Fleet({ atomicWrites: 'at_least_once' });
    await startAndDie(fleet);
    const read = outcome(fleet.join().read('k'));
    await fleet.clock.advanceAsync(500);
    expect(read.now()).toBeUndefined();
    await fleet.clock.advanceAsync(150);
    expect(read.now()).toEqual({ value: 'second' });
    expect(fleet.starts).toBe(2);
  });

  test('a holder that was frozen past its lease gets its own value, and does not store it', async () => {
    const fleet = new Fleet({ atomicWrites: 'at_least_once' });
    const reply = gate<string>();
    fleet.load = () => reply.opened;
    const frozen = fleet.join('SimpleCache');
    frozen.backend.script.rewrite([{ operation: 'renew', fault: 'hang' }]);
    const late = frozen.read('k');
    await reply.arrived;
    fleet.load = async () => 'second';
    const other = fleet.join();
    const read = other.read('k');
    await fleet.clock.advanceAsync(700);
    expect(await read).toBe('second');
    reply.open('first');
    expect(await late).toBe('first');
    expect([frozen.read.peek('k'), await frozen.read('k'), await other.read('k')]).toEqual([
      undefined,
      'second',
      'second',
    ]);
  });

  test('one who has waited long enough loads for itself, once for all of its process, and stores nothing', async () => {
    const fleet = new Fleet({ atomicWrites: 'at_least_once' }, { wait: 1_000 });
    const reply = gate<string>();
    fleet.load = () => reply.opened;
    const holder = fleet.join();
    const slow = holder.read('k');
    await reply.arrived;
    const own = gate<string>();
    fleet.load = () => own.opened;
    const other = fleet.join('SimpleCache');
    const reads = Array.from({ length: 50 }, () => other.read('k'));
    const joined = Array.from({ length: 50 }, () => holder.read('k'));
    await fleet.clock.advanceAsync(1_100);
    own.open('own');
    expect(new Set(await Promise.all([...reads, ...joined]))).toEqual(new Set(['own']));
    // One in the process of the holder; in the other the one whose turn did not come, and one for those who joined it.
    expect(fleet.starts).toBeLessThanOrEqual(4);
    expect(other.read.peek('k')).toBeUndefined();
    reply.open('shared');
    expect(await slow).toBe('shared');
    expect(await other.read('k')).toBe('shared');
  });

  test('a load that never ends loses its lease at last, and whoever asks loads anew', async () => {
    const fleet = new Fleet({ atomicWrites: 'at_least_once' }, { longestLoad: 2_000, wait: 60_000 });
    const never = gate<string>();
    fleet.load = () => never.opened;
    const holder = fleet.join();
    void holder.read('k').catch(() => {});
    await never.arrived;
    fleet.load = async () => 'anew';
    await fleet.clock.advanceAsync(2_900);
    expect(await holder.read('k')).toBe('anew');
    expect(await fleet.join().read('k')).toBe('anew');
    expect(holder.cache.stats().loading).toBe(0);
  });

  test('a result that cannot be committed is answered and not stored', async () => {
    const fleet = new Fleet({ atomicWrites: 'at_least_once' });
    const one = fleet.join();
    one.backend.script.rewrite([{ operation: 'commit', fault: 'throw' }]);
    expect(await one.read('k')).toBe('value');
    await one.cache.settled();
    expect(await fleet.join().read('k')).toBe('value');
    expect(fleet.starts).toBe(2);
  });

  test('a closed cache lets go of its leases at once', async () => {
    const fleet = new Fleet({ atomicWrites: 'at_least_once' });
    const reply = gate<string>();
    fleet.load = () => reply.opened;
    const closing = fleet.join();
    const first = closing.read('k');
    await reply.arrived;
    fleet.load = async () => 'second';
    await closing.cache.close({ deadlineMs: 1 });
    expect(await fleet.join().read('k')).toBe('second');
    reply.open('first');
    expect(await first).toBe('first');
  });

  test('a load that comes home while the cache is closing is stored', async () => {
    const fleet = new Fleet({ atomicWrites: 'at_most_once' });
    const reply = gate<string>();
    fleet.load = () => reply.opened;
    const ending = fleet.join();
    const first = ending.read('k');
    await reply.arrived;
    const closed = ending.cache.close();
    reply.open('first');
    await closed;
    expect([await first, await fleet.join().read('k')]).toEqual(['first', 'first']);
    expect(fleet.starts).toBe(1);
  });

  test('too many waiters do not wait: one more load answers all of them', async () => {
    const fleet = new Fleet({ atomicWrites: 'at_least_once' }, { maxWaiters: 10 });
    const reply = gate<string>();
    fleet.load = () => reply.opened;
    const one = fleet.join();
    const first = one.read('k');
    await reply.arrived;
    const spare = gate<string>();
    fleet.load = () => spare.opened;
    const more = Array.from({ length: 100 }, () => one.read('k'));
    await spare.arrived;
    spare.open('spare');
    reply.open('first');
    const values = await Promise.all([first, ...more]);
    expect(values.filter((value) => value === 'first')).toHaveLength(11);
    expect(values.filter((value) => value === 'spare')).toHaveLength(90);
    expect(fleet.starts).toBe(2);
  });
});

describe('at_most_once', () => {
  test('when the holder dies nobody runs the method again until somebody says so', async () => {
    const fleet = new Fleet({ atomicWrites: 'at_most_once' });
    await startAndDie(fleet);
    const other = fleet.join();
    const read = outcome(other.read('k'));
    await fleet.clock.advanceAsync(700);
    expect(read.now()).toMatchObject({
      error: { name: 'AtMostOnceError', kind: 'indeterminate', site: 'read' },
    });
    await expect(other.read('k')).rejects.toThrow(/invalidate the entry .* or resolve it/);
    expect(fleet.starts).toBe(1);
    await other.read.invalidate('k');
    expect(await other.read('k')).toBe('second');
    expect(fleet.starts).toBe(2);
  });

  test('resolve tells what became of the run', async () => {
    const fleet = new Fleet({ atomicWrites: 'at_most_once' });
    await startAndDie(fleet);
    const other = fleet.join();
    await fleet.clock.advanceAsync(700);
    await expect(other.read('k')).rejects.toThrow(AtMostOnceError);
    await other.read.resolve(['k'], 'found in the books');
    expect([await other.read('k'), await fleet.join().read('k')]).toEqual(
      Array(2).fill('found in the books'),
    );
    expect(fleet.starts).toBe(1);
  });

  test('it is remembered for as long as `retention` says', async () => {
    const fleet = new Fleet({ atomicWrites: 'at_most_once', hours: 1 }, { retention: { hours: 3 } });
    await startAndDie(fleet);
    await fleet.clock.advanceAsync(3 * 3_600_000 - 1_000);
    await expect(fleet.join().read('k')).rejects.toMatchObject({ kind: 'indeterminate' });
    await fleet.clock.advanceAsync(2_000);
    expect(await fleet.join().read('k')).toBe('second');
  });

  test('one who has waited long enough is told, and runs nothing', async () => {
    const fleet = new Fleet({ atomicWrites: 'at_most_once' }, { wait: 1_000 });
    const reply = gate<string>();
    fleet.load = () => reply.opened;
    const holder = fleet.join();
    const slow = holder.read('k');
    await reply.arrived;
    const elsewhere = outcome(fleet.join().read('k'));
    const here = outcome(holder.read('k'));
    await fleet.clock.advanceAsync(1_100);
    for (const { now } of [elsewhere, here])
      expect(now()).toMatchObject({ error: { kind: 'indeterminate' } });
    reply.open('loaded');
    expect(await slow).toBe('loaded');
    expect(fleet.starts).toBe(1);
  });

  test('a frozen holder that wakes commits, if nobody has declared the entry wrong', async () => {
    const fleet = new Fleet({ atomicWrites: 'at_most_once' });
    const reply = gate<string>();
    fleet.load = () => reply.opened;
    const frozen = fleet.join();
    frozen.backend.script.rewrite([{ operation: 'renew', fault: 'hang' }]);
    const late = frozen.read('k');
    await reply.arrived;
    await fleet.clock.advanceAsync(2_000);
    await expect(fleet.join().read('k')).rejects.toMatchObject({ kind: 'indeterminate' });
    reply.open('late');
    expect(await late).toBe('late');
    expect(await fleet.join().read('k')).toBe('late');
  });

  test('a result that cannot be committed now is committed later, by the process that has it', async () => {
    const fleet = new Fleet({ atomicWrites: 'at_most_once' });
    const one = fleet.join('SimpleCache');
    one.backend.script.rewrite([
      { operation: 'commit', nth: 1, fault: 'throw' },
      { operation: 'commit', nth: 2, fault: 'throw' },
    ]);
    expect([await one.read('k'), await one.read('k')]).toEqual(['value', 'value']);
    const other = outcome(fleet.join().read('k'));
    await fleet.clock.advanceAsync(40);
    expect(other.now()).toBeUndefined();
    await fleet.clock.advanceAsync(1_000);
    expect(other.now()).toEqual({ value: 'value' });
    expect(fleet.starts).toBe(1);
  });

  test('a result that waits to be committed is given to nobody who asks after an invalidation elsewhere', async () => {
    const fleet = new Fleet({ atomicWrites: 'at_most_once' });
    const [one, two] = [fleet.join(), fleet.join()];
    one.backend.script.rewrite([{ operation: 'commit', nth: 1, fault: 'throw' }]);
    expect(await one.read('k')).toBe('value');
    await two.read.invalidate('k');
    fleet.load = async () => 'new';
    const asked = one.read('k');
    await fleet.clock.advanceAsync(1_000);
    expect([await asked, await two.read('k')]).toEqual(['new', 'new']);
  });

  test('a result that no serializer can carry does not let the method run again', async () => {
    const fleet = new Fleet({ atomicWrites: 'at_most_once' });
    const one = fleet.join();
    fleet.load = async () => () => 'a function';
    expect(await one.read('k')).toBeInstanceOf(Function);
    const again = outcome(fleet.join().read('k'));
    await fleet.clock.advanceAsync(700);
    expect(again.now()).toMatchObject({ error: { kind: 'indeterminate' } });
    expect(fleet.starts).toBe(1);
  });

  test('a record that cannot be read does not let the method run again, and stays', async () => {
    const fleet = new Fleet({ atomicWrites: 'at_most_once' });
    const one = fleet.join();
    await one.read('k');
    const key = one.read.key('k') as string;
    const record = fleet.records.get(key);
    const damaged = Uint8Array.from(record?.data ?? []);
    damaged[20] = (damaged[20] ?? 0) ^ 1;
    fleet.records.set(key, { data: damaged, expiresAt: record?.expiresAt ?? 0 });
    await expect(one.read('k')).rejects.toMatchObject({ kind: 'indeterminate' });
    expect(fleet.records.get(key)?.data).toEqual(damaged);
    expect(fleet.starts).toBe(1);
  });

  test("afterError: 'hold' counts a run that failed", async () => {
    const fleet = new Fleet({ atomicWrites: 'at_most_once', afterError: 'hold' });
    fleet.load = async () => {
      throw new RangeError('after half of it');
    };
    const one = fleet.join();
    await expect(one.read('k')).rejects.toThrow(RangeError);
    const again = outcome(one.read('k'));
    await fleet.clock.advanceAsync(700);
    expect(again.now()).toMatchObject({ error: { kind: 'indeterminate' } });
    expect(fleet.starts).toBe(1);
  });

  test('a refresh would run it twice and is refused; resolve is for this mode only', async () => {
    const fleet = new Fleet({ atomicWrites: 'at_most_once' });
    await expect(fleet.join().read.refresh('k')).rejects.toThrow(ConfigurationError);
    const least = new Fleet({ atomicWrites: 'at_least_once' }).join();
    await expect(least.read.resolve(['k'], 1)).rejects.toThrow(/resolve is for atomicWrites: 'at_most_once'/);
    expect(fleet.starts).toBe(0);
  });

  test('a claim made under ids that were replaced before it is given back: it would count for no epoch', async () => {
    const fleet = new Fleet({ atomicWrites: 'at_most_once' });
    const [one, two] = [fleet.join(), fleet.join()];
    const claim = gate();
    one.backend.script.rewrite([{ operation: 'claim', nth: 1, fault: claim }]);
    const first = one.read('k');
    await claim.arrived;
    await two.read.invalidateAll();
    claim.open();
    expect(await first).toBe('value');
    expect(await two.read('k')).toBe('value');
    expect(fleet.starts).toBe(1);
  });

  test('a claim of the new epoch is not taken over by one who has seen the claim of its maker in the old', async () => {
    const fleet = new Fleet({ atomicWrites: 'at_most_once' });
    const [one, two, three] = [fleet.join(), fleet.join(), fleet.join()];
    await three.read('other');
    // One claims under old ids, and two sees that claim; then one claims anew before two supersedes what it has seen.
    const [early, look, takeOver] = [gate(), gate(), gate()];
    one.backend.script.rewrite([
      { operation: 'claim', nth: 1, fault: early },
      { operation: 'read', nth: 2, fault: look },
    ]);
    two.backend.script.rewrite([{ operation: 'claim', nth: 2, fault: takeOver }]);
    const first = one.read('k');
    await early.arrived;
    await three.read.invalidateAll();
    early.open();
    await look.arrived;
    const second = two.read('k');
    await takeOver.arrived;
    const reply = gate<string>();
    fleet.load = () => reply.opened;
    fleet.starts = 0;
    look.open();
    await reply.arrived;
    takeOver.open();
    await fleet.clock.advanceAsync(100);
    reply.open('new');
    await fleet.clock.advanceAsync(100);
    expect(await Promise.all([first, second])).toEqual(['new', 'new']);
    expect(fleet.starts).toBe(1);
  });

  test('a claim that failed and was made all the same is given back', async () => {
    const fleet = new Fleet({ atomicWrites: 'at_most_once' });
    const [one, two] = [fleet.join(), fleet.join()];
    one.backend.script.rewrite([{ operation: 'claim', nth: 1, fault: 'lose-reply' }]);
    await expect(one.read('k')).rejects.toMatchObject({ kind: 'unavailable' });
    await fleet.clock.advanceAsync(3_000);
    expect(await two.read('k')).toBe('value');
    expect(fleet.starts).toBe(1);
  });

  test('one who has read old ids does not break a claim of the new epoch', async () => {
    const fleet = new Fleet({ atomicWrites: 'at_most_once' });
    const [one, two] = [fleet.join(), fleet.join()];
    await one.read('other');
    const claim = gate();
    one.backend.script.rewrite([{ operation: 'claim', nth: 2, fault: claim }]);
    const stale = one.read('k');
    await claim.arrived;
    await two.read.invalidateAll();
    const reply = gate<string>();
    fleet.load = () => reply.opened;
    fleet.starts = 0;
    const fresh = two.read('k');
    await reply.arrived;
    claim.open();
    await fleet.clock.advanceAsync(100);
    reply.open('new');
    await fleet.clock.advanceAsync(100);
    expect(await Promise.all([stale, fresh])).toEqual(['new', 'new']);
    expect(fleet.starts).toBe(1);
  });
});

describe('fence numbers', () => {
  test('grow from run to run, and are known throughout the method', async () => {
    const fleet = new Fleet({ atomicWrites: 'at_least_once' });
    const fences: (number | undefined)[] = [];
    fleet.load = async () => {
      fences.push(currentFence());
      await Promise.resolve();
      fences.push(currentFence());
      return 'x';
    };
    const [one, two] = [fleet.join(), fleet.join()];
    await one.read('k');
    await one.read.invalidate('k');
    await two.read('k');
    const [first, same, second] = fences as number[];
    expect(same).toBe(first);
    expect(second).toBeGreaterThan(first as number);
    expect(currentFence()).toBeUndefined();
  });

  test('are not drawn for a mere lease', async () => {
    const fleet = new Fleet({ lease: true });
    let fence: number | undefined = 0;
    fleet.load = async () => {
      fence = currentFence();
      return 'x';
    };
    await fleet.join().read('k');
    expect(fence).toBeUndefined();
  });
});
