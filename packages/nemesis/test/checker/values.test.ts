import { describe, expect, test } from '@jest/globals';
import { Story } from './story.js';

describe('I1: a value belongs to the key that was asked for', () => {
  test('the value of a load of this key is innocent', () => {
    const story = new Story('plain');
    story.load('a/1', 'a', 2, 5);
    story.call('a', 1, 6, 'a/1');
    story.call('b', 10, 12, 'a/1');
    expect(story.violated()).toEqual([]);
  });

  test('a value that was loaded for another key is found', () => {
    const story = new Story('plain');
    story.load('a/1', 'a', 2, 5, { key: 'other' });
    story.call('a', 1, 6, undefined, { outcome: { is: 'value', load: 'a/1', subject: 'plain/other' } });
    expect(story.violated()).toEqual(['I1']);
  });

  test('a value of a load that nobody has seen is found', () => {
    const story = new Story('plain');
    story.call('a', 1, 6, 'z/9');
    expect(story.violated()).toEqual(['I1']);
  });

  test('a value that is no value of ours is found', () => {
    const story = new Story('plain');
    story.call('a', 1, 6, undefined, { outcome: { is: 'foreign', shown: '{"load":"a/1","bod' } });
    expect(story.violated()).toEqual(['I1']);
  });

  test('a value by hand is innocent', () => {
    const story = new Story('at_most_once');
    const by = story.resolve('a', 1, 5);
    story.call('b', 6, 7, by);
    expect(story.violated()).toEqual([]);
  });
});

describe('I5: an error is never a value, and is shared only while its load runs', () => {
  test('callers who share a failing load are innocent', () => {
    const story = new Story('plain');
    story.load('a/1', 'a', 2, 5, { outcome: 'error' });
    story.call('a', 1, 6, undefined, { outcome: { is: 'loader-error', load: 'a/1' } });
    story.call('a', 4, 6, undefined, { outcome: { is: 'loader-error', load: 'a/1' } });
    expect(story.violated()).toEqual([]);
  });

  test('a value of a load that has failed is found', () => {
    const story = new Story('plain');
    story.load('a/1', 'a', 2, 5, { outcome: 'error' });
    story.call('b', 7, 8, 'a/1');
    expect(story.violated()).toEqual(['I5']);
  });

  test('an error that is remembered is found', () => {
    const story = new Story('plain');
    story.load('a/1', 'a', 2, 5, { outcome: 'error' });
    story.call('a', 50, 51, undefined, { outcome: { is: 'loader-error', load: 'a/1' } });
    expect(story.violated()).toEqual(['I5']);
  });

  test('an error that comes from another process is found', () => {
    const story = new Story('plain');
    story.load('a/1', 'a', 2, 5, { outcome: 'error' });
    story.call('b', 3, 6, undefined, { outcome: { is: 'loader-error', load: 'a/1' } });
    expect(story.violated()).toEqual(['I5']);
  });
});

describe('errors', () => {
  const error = (name: string, kind = '') => ({ outcome: { is: 'error', name, kind, message: '' } as const });

  test('those that at_most_once has promised are innocent there', () => {
    const story = new Story('at_most_once');
    story.call('a', 1, 2, undefined, error('AtMostOnceError', 'indeterminate'));
    story.call('a', 3, 4, undefined, error('AtMostOnceError', 'contention'));
    expect(story.violated()).toEqual([]);
  });

  test('they are found elsewhere', () => {
    const story = new Story('at_least_once');
    story.call('a', 1, 2, undefined, error('AtMostOnceError', 'indeterminate'));
    expect(story.violated()).toEqual(['error']);
  });

  test('an error of the backend is found at a call and at an invalidation', () => {
    const story = new Story('at_most_once');
    story.call('a', 1, 2, undefined, error('BackendError'));
    story.invalidate('a', 3, 4, error('BackendError'));
    expect(story.violated()).toEqual(['error', 'error']);
  });

  test('a resolution may fail for the backend', () => {
    const story = new Story('at_most_once');
    story.resolve('a', 1, 2, error('BackendError'));
    expect(story.violated()).toEqual([]);
  });
});
