import { describe, expect, test } from '@jest/globals';
import { Story } from './story.js';

const figures = { loading: 0, failures: 0, degraded: false };

describe('I6: every operation ends in time', () => {
  test('one that ends in time is innocent, one that does not is found', () => {
    const story = new Story('plain').load('a/1', 'a', 1, 2);
    story.call('a', 1, 1_001, 'a/1');
    expect(story.violated()).toEqual([]);
    story.call('a', 2_000, 3_001, 'a/1');
    expect(story.violated()).toEqual(['I6']);
  });

  test('time for which the process was stopped does not count', () => {
    const story = new Story('plain').load('a/1', 'a', 1, 2);
    story.call('a', 0, 1_800, 'a/1');
    story.fault('stop-worker', 500, 1_400, { worker: 0 });
    expect(story.violated()).toEqual([]);
    story.faults.length = 0;
    story.fault('stop-worker', 500, 1_400, { worker: 1 });
    expect(story.violated()).toEqual(['I6']);
    story.process('a', {
      stalls: [
        { start: 100, end: 800 },
        { start: 500, end: 1_400 },
      ],
    });
    expect(story.violated()).toEqual([]);
  });

  test('time that two reasons explain counts once', () => {
    const story = new Story('plain').load('a/1', 'a', 1, 2);
    story.call('a', 0, 1_800, 'a/1');
    story.fault('stop-worker', 500, 1_000, { worker: 0 });
    story.process('a', { stalls: [{ start: 500, end: 1_000 }] });
    expect(story.violated()).toEqual(['I6']);
  });

  test('one that has no end is found, unless its process was killed in time', () => {
    const story = new Story('plain');
    story.call('a', 0, undefined);
    expect(story.violated()).toEqual(['I6']);
    story.process('a', { end: 'killed', ended: 900 });
    expect(story.violated()).toEqual([]);
    story.process('a', { ended: 1_100 });
    expect(story.violated()).toEqual(['I6']);
  });
});

describe('what a process tells of itself', () => {
  test('nothing is innocent', () => {
    expect(new Story('plain').process('a', { figures }).violated()).toEqual([]);
  });

  test.each([
    ['I7', { figures: { ...figures, loading: 1 } }],
    ['I10', { troubles: ['prototype: it has other members'] }],
    ['I11', { troubles: ['unhandled rejection: x'] }],
    ['I12', { end: 'hung' }],
    ['I12', { end: 'exited', code: 1 }],
    ['does', { troubles: ['recovery: after 5 s it is degraded'] }],
  ] as const)('%s: %j is found', (invariant, more) => {
    expect(new Story('plain').process('a', more).violated()).toEqual([invariant]);
  });

  test('one that was killed need not end by itself', () => {
    expect(new Story('plain').process('a', { end: 'killed', code: 'SIGKILL' }).violated()).toEqual([]);
  });

  test('I14: an operation that failed must be counted', () => {
    const story = new Story('plain').process('a', { figures });
    story.invalidate('a', 1, 2, { outcome: { is: 'failed' } });
    expect(story.violated()).toEqual(['I14']);
    story.process('a', { figures: { ...figures, failures: 1 } });
    expect(story.violated()).toEqual([]);
  });
});

describe('the end of a round', () => {
  test('I13: a lease that is left is found', () => {
    const story = new Story('plain');
    expect(story.violated()).toEqual([]);
    story.leftovers.push('{x}:l');
    expect(story.violated()).toEqual(['I13']);
  });

  test('all processes have to agree in the end', () => {
    const story = new Story('plain').load('a/1', 'a', 1, 2).load('b/1', 'b', 1, 2);
    const calm = { calm: true };
    story.call('a', 1, 3, 'a/1', calm);
    story.call('b', 1, 3, 'b/1', calm);
    story.call('a', 4, 5, 'a/1', calm);
    story.call('b', 4, 5, 'a/1', calm);
    expect(story.violated()).toEqual([]);
    story.call('b', 6, 7, 'b/1', calm);
    expect(story.violated()).toEqual(['does']);
  });

  test('a call that gets an error when all faults are over is found', () => {
    const story = new Story('at_most_once');
    const outcome = { is: 'error', name: 'AtMostOnceError', kind: 'indeterminate', message: '' } as const;
    story.call('a', 1, 3, undefined, { calm: true, outcome });
    expect(story.violated()).toEqual(['does']);
  });
});
