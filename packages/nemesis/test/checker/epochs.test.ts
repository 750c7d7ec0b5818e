import { describe, expect, test } from '@jest/globals';
import { Story } from './story.js';

describe('I3: at_most_once starts once per epoch', () => {
  test('two starts with no invalidation between them are found', () => {
    const story = new Story('at_most_once');
    story.load('a/1', 'a', 2, 5).load('b/1', 'b', 10, 12);
    expect(story.violated()).toEqual(['I3']);
  });

  test('with other modes they are innocent', () => {
    const story = new Story('at_least_once');
    story.load('a/1', 'a', 2, 5).load('b/1', 'b', 10, 12);
    expect(story.violated()).toEqual([]);
  });

  test('an invalidation between them ends the epoch', () => {
    const story = new Story('at_most_once');
    const [one, two] = [story.call('a', 1, 6, 'a/1'), story.call('b', 9, 13, 'b/1')];
    story.load('a/1', 'a', 2, 5, { call: one }).load('b/1', 'b', 10, 12, { call: two });
    story.invalidate('c', 7, 8);
    expect(story.violated()).toEqual([]);
  });

  test('an invalidation before both, or behind both, does not', () => {
    const story = new Story('at_most_once');
    const [one, two] = [story.call('a', 5, 8, 'a/1'), story.call('b', 9, 13, 'b/1')];
    story.load('a/1', 'a', 6, 7, { call: one }).load('b/1', 'b', 10, 12, { call: two });
    story.invalidate('c', 3, 4);
    story.invalidate('c', 11, 14);
    expect(story.violated()).toContain('I3');
  });

  test('one acknowledged invalidation ends one epoch, not two', () => {
    const story = new Story('at_most_once');
    const calls = [1, 2, 3].map((start) => story.call('abc'[start - 1] as string, start, 30));
    for (const [at, call] of calls.entries()) story.load(`${at}`, 'abc'[at] as string, 10 + at, 20, { call });
    story.invalidate('d', 4, 9);
    expect(story.violated().filter((each) => each === 'I3')).toHaveLength(1);
    story.invalidate('d', 5, 8);
    expect(story.violated().filter((each) => each === 'I3')).toHaveLength(0);
  });

  test('one that nobody has seen acknowledged may have ended several, for as long as it may have been on its way', () => {
    const story = new Story('at_most_once').process('d', { end: 'killed', ended: 8 });
    story.invalidate('d', 4, undefined);
    story.load('a/1', 'a', 3, 5).load('b/1', 'b', 10, 12).load('c/1', 'c', 14, 15);
    expect(story.violated()).toEqual([]);
    story.load('c/2', 'c', 100, 101);
    expect(story.violated()).toEqual([]);
    const [one, two] = [story.call('a', 200, 202, 'a/2'), story.call('b', 210, 212, 'b/2')];
    story.load('a/2', 'a', 201, 202, { call: one }).load('b/2', 'b', 211, 212, { call: two });
    expect(story.violated()).toContain('I3');
  });

  test('one whose reply was lost was sent again, and may have ended two', () => {
    const story = new Story('at_most_once');
    const calls = [1, 2, 3].map((start) => story.call('abc'[start - 1] as string, start, 30));
    for (const [at, call] of calls.entries()) story.load(`${at}`, 'abc'[at] as string, 10 + at, 20, { call });
    story.invalidate('d', 4, 9);
    expect(story.violated()).toContain('I3');
    story.process('d', { losses: [6] });
    expect(story.violated()).not.toContain('I3');
  });

  test('a fault that held it back lets it arrive later', () => {
    const story = new Story('at_most_once').fault('blackhole', 5, 190, { worker: 3 });
    story.invalidate('d', 4, 8, { outcome: { is: 'failed' } });
    story.process('d', { figures: { loading: 0, failures: 1, degraded: false } });
    const [one, two] = [story.call('a', 180, 182, 'a/1'), story.call('b', 195, 212, 'b/1')];
    story.load('a/1', 'a', 181, 182, { call: one }).load('b/1', 'b', 196, 212, { call: two });
    expect(story.violated()).toEqual([]);
    story.faults.length = 0;
    expect(story.violated()).toContain('I3');
  });

  test('a load that failed gives its epoch back, unless it holds it', () => {
    const story = new Story('at_most_once');
    story.load('a/1', 'a', 2, 5, { outcome: 'error' }).load('b/1', 'b', 10, 12);
    expect(story.violated()).toEqual([]);
    expect(story.violated({ errorEndsEpoch: false })).toEqual(['I3']);
  });

  test('servers that forget may forget a claim', () => {
    const story = new Story('at_most_once');
    const [one, two] = [story.call('a', 1, 6), story.call('b', 9, 13)];
    story.load('a/1', 'a', 2, 5, { call: one }).load('b/1', 'b', 10, 12, { call: two });
    story.amnesias.push({ start: 500, end: 600, why: 'test' });
    expect(story.violated()).toEqual(['I3']);
    story.amnesias.push({ start: 7, end: 8, why: 'test' });
    expect(story.violated()).toEqual([]);
  });

  test('a process that was frozen between claim and start belongs to the epoch of its claim', () => {
    const story = new Story('at_most_once');
    const [one, two] = [story.call('a', 1, 110), story.call('b', 20, 26)];
    story.invalidate('c', 10, 12);
    story.load('b/1', 'b', 25, 26, { call: two }).load('a/1', 'a', 100, 110, { call: one });
    expect(story.violated()).toEqual([]);
  });

  test('the fence tells the order of claims', () => {
    const story = new Story('at_most_once');
    const [one, two] = [story.call('a', 1, 110), story.call('b', 20, 26)];
    story.invalidate('c', 10, 12);
    story
      .load('b/1', 'b', 25, 26, { call: two, fence: 1 })
      .load('a/1', 'a', 100, 110, { call: one, fence: 2 });
    expect(story.violated()).toEqual(['I3']);
  });
});

describe('I4: one value per epoch', () => {
  const loaded = () => new Story('plain').load('a/1', 'a', 1, 2).load('b/1', 'b', 1, 2);

  test('a value that others have stored since an invalidation is innocent', () => {
    const story = loaded();
    story.call('c', 3, 4, 'a/1');
    story.call('c', 5, 6, 'a/1');
    story.invalidate('d', 7, 8, { outcome: { is: 'failed' } });
    story.process('d', { figures: { loading: 0, failures: 1, degraded: false } });
    story.call('c', 9, 10, 'b/1');
    expect(story.violated()).toEqual([]);
  });

  test('two values in one epoch are found', () => {
    const story = loaded();
    story.call('c', 3, 4, 'a/1');
    story.call('d', 9, 10, 'b/1');
    expect(story.violated()).toEqual(['I4']);
  });

  test('what a process has loaded itself need not have been stored', () => {
    const story = loaded();
    story.call('a', 3, 4, 'a/1');
    story.call('c', 9, 10, 'b/1');
    expect(story.violated()).toEqual([]);
  });

  test('a value that comes back is found', () => {
    const story = loaded();
    story.call('c', 3, 4, 'a/1');
    story.invalidate('d', 5, 6, { outcome: { is: 'failed' } });
    story.process('d', { figures: { loading: 0, failures: 1, degraded: false } });
    story.call('c', 7, 8, 'b/1');
    story.call('c', 9, 10, 'a/1');
    expect(story.violated()).toEqual(['I4']);
  });

  test('reads that overlap may have seen either value first', () => {
    const story = loaded();
    story.call('c', 3, 20, 'a/1');
    story.invalidate('d', 17, 18, { outcome: { is: 'failed' } });
    story.process('d', { figures: { loading: 0, failures: 1, degraded: false } });
    story.call('e', 4, 19, 'b/1');
    expect(story.violated()).toEqual([]);
  });

  test('a value by hand takes the place of another', () => {
    const story = new Story('at_most_once').load('a/1', 'a', 1, 2);
    story.call('c', 3, 4, 'a/1');
    const by = story.resolve('d', 5, 6);
    story.call('c', 7, 8, by);
    expect(story.violated()).toEqual([]);
  });
});

describe('fences', () => {
  test('that grow with the claims are innocent', () => {
    const story = new Story('at_least_once');
    const [one, two] = [story.call('a', 1, 6), story.call('b', 9, 13)];
    story.load('a/1', 'a', 2, 5, { call: one, fence: 7 }).load('b/1', 'b', 10, 12, { call: two, fence: 9 });
    expect(story.violated()).toEqual([]);
  });

  test.each([
    ['goes back', 9, 7],
    ['is given twice', 9, 9],
  ])('one that %s is found', (_, first, second) => {
    const story = new Story('at_least_once');
    const [one, two] = [story.call('a', 1, 6), story.call('b', 9, 13)];
    story.load('a/1', 'a', 2, 5, { call: one, fence: first });
    story.load('b/1', 'b', 10, 12, { call: two, fence: second });
    expect(story.violated()).toEqual(['fence']);
  });

  test('one of a claim that was made while the other call waited is innocent', () => {
    const story = new Story('at_least_once');
    const [one, two] = [story.call('a', 1, 6), story.call('b', 1, 13)];
    story.load('a/1', 'a', 5, 6, { call: one, fence: 9 }).load('b/1', 'b', 10, 12, { call: two, fence: 7 });
    expect(story.violated()).toEqual([]);
  });
});
