import { describe, expect, test } from '@jest/globals';
import { FakeClock } from '@recollect/testing';

describe('a fake clock', () => {
  test('stands still until it is advanced, coarse time with it', () => {
    const clock = new FakeClock(5_000);
    expect([clock.now(), clock.coarse]).toEqual([5_000, 5_000]);
    clock.advance(250);
    expect([clock.now(), clock.coarse]).toEqual([5_250, 5_250]);
    clock.advance(0);
    expect(clock.now()).toBe(5_250);
  });

  test('runs what is due, each task at its own time, in order of time and then of asking', () => {
    const clock = new FakeClock(0);
    const seen: string[] = [];
    const note = (name: string) => () => seen.push(`${name}@${clock.now()}`);
    clock.after(30, note('late'));
    clock.after(10, note('early'));
    clock.after(20, note('first of two'));
    clock.after(20, note('second of two'));
    clock.after(31, note('too late'));
    clock.advance(30);
    expect(seen).toEqual(['early@10', 'first of two@20', 'second of two@20', 'late@30']);
    expect(clock.pending).toBe(1);
  });

  test('runs in the same advance what is asked for meanwhile and falls due', () => {
    const clock = new FakeClock(0);
    const seen: number[] = [];
    const again = () => {
      seen.push(clock.now());
      clock.after(10, again);
    };
    clock.after(10, again);
    clock.advance(35);
    expect(seen).toEqual([10, 20, 30]);
    expect(clock.now()).toBe(35);
  });

  test('runs no task that was cancelled, and none twice', () => {
    const clock = new FakeClock();
    const seen: string[] = [];
    const cancel = clock.after(10, () => seen.push('cancelled'));
    clock.after(10, () => seen.push('kept'));
    cancel();
    cancel();
    clock.advance(10);
    clock.advance(10);
    expect(seen).toEqual(['kept']);
  });

  test('a task may cancel another that is due at the same time', () => {
    const clock = new FakeClock();
    const seen: string[] = [];
    let cancel = () => {};
    clock.after(5, () => cancel());
    cancel = clock.after(5, () => seen.push('ran'));
    clock.advance(5);
    expect(seen).toEqual([]);
  });

  test('throws what a task throws, at the time of the task, and can go on', () => {
    const clock = new FakeClock(0);
    const seen: string[] = [];
    clock.after(10, () => {
      throw new Error('task failed');
    });
    clock.after(20, () => seen.push('next'));
    expect(() => clock.advance(30)).toThrow('task failed');
    expect(clock.now()).toBe(10);
    clock.advance(20);
    expect(seen).toEqual(['next']);
  });

  test('lets promises settle between tasks when asked to', async () => {
    const clock = new FakeClock(0);
    const seen: string[] = [];
    const wait = (ms: number) => new Promise<void>((resolve) => void clock.after(ms, resolve));
    const running = (async () => {
      await wait(10);
      await Promise.resolve();
      seen.push(`first@${clock.now()}`);
      await wait(10);
      seen.push(`second@${clock.now()}`);
    })();
    await clock.advanceAsync(25);
    expect(seen).toEqual(['first@10', 'second@20']);
    expect(clock.now()).toBe(25);
    await running;
  });

  test('gives up on a task that restarts itself without letting time pass', () => {
    const clock = new FakeClock();
    const again = () => void clock.after(0, again);
    again();
    expect(() => clock.advance(1)).toThrow('a task restarts itself');
  });

  test.each([-1, Number.NaN])('refuses to move by %p', (ms) => {
    const clock = new FakeClock();
    expect(() => clock.advance(ms)).toThrow(`advance(ms) is ${ms}`);
    expect(() => clock.after(ms, () => {})).toThrow(`after(ms) is ${ms}`);
  });
});
