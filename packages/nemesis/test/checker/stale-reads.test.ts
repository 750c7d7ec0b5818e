import { describe, expect, test } from '@jest/globals';
import { Story } from './story.js';

describe('I2: nobody reads what an acknowledged invalidation has overtaken', () => {
  test('a read after the invalidation of a value loaded before it is found', () => {
    const story = new Story('plain');
    story.load('a/1', 'a', 2, 20);
    story.invalidate('b', 5, 10);
    story.call('c', 30, 31, 'a/1');
    expect(story.violated()).toEqual(['I2']);
  });

  test('a read that began before the invalidation had ended is innocent', () => {
    const story = new Story('plain');
    story.load('a/1', 'a', 2, 20);
    story.invalidate('b', 5, 10);
    story.call('c', 9, 31, 'a/1');
    expect(story.violated()).toEqual([]);
  });

  test('a load that began while the invalidation was under way is innocent', () => {
    const story = new Story('plain');
    story.load('a/1', 'a', 6, 20);
    story.invalidate('b', 5, 10);
    story.call('c', 30, 31, 'a/1');
    expect(story.violated()).toEqual([]);
  });

  test.each([
    ['failed', { is: 'failed' }],
    ['queued', { is: 'queued' }],
  ] as const)('an invalidation that is %s promises nothing', (_, outcome) => {
    const story = new Story('plain');
    story.load('a/1', 'a', 2, 20);
    story.invalidate('b', 5, 10, { outcome });
    story.call('c', 30, 31, 'a/1');
    expect(story.violated()).toEqual([]);
  });

  test('an invalidation of the whole site counts', () => {
    const story = new Story('plain');
    story.load('a/1', 'a', 2, 20);
    story.invalidate('b', 5, 10, { kind: 'invalidateAll', key: '*' });
    story.call('c', 30, 31, 'a/1');
    expect(story.violated()).toEqual(['I2']);
  });

  test('one who shares a flight that was first is innocent, and counted', () => {
    const story = new Story('plain');
    const opener = story.call('a', 1, 40, 'a/1');
    story.load('a/1', 'a', 2, 39, { call: opener });
    story.invalidate('b', 5, 10);
    story.call('a', 30, 40, 'a/1');
    expect(story.check()).toEqual({ violations: [], overtakenJoins: 1 });
  });

  test('one who comes when that flight has landed is found', () => {
    const story = new Story('plain');
    const opener = story.call('a', 1, 20, 'a/1');
    story.load('a/1', 'a', 2, 19, { call: opener });
    story.invalidate('b', 5, 10);
    story.call('a', 30, 40, 'a/1');
    expect(story.violated()).toEqual(['I2']);
  });

  test('a call under way for another value excuses nobody who came before it', () => {
    const story = new Story('plain');
    story.load('a/1', 'a', 2, 20);
    story.invalidate('b', 5, 10);
    story.call('c', 30, 35, 'a/1');
    story.call('c', 31, 36, 'a/1');
    expect(story.violated()).toEqual(['I2', 'I2']);
  });

  test('a value by hand from before the invalidation is found, one from meanwhile is innocent', () => {
    const story = new Story('at_most_once');
    const early = story.resolve('a', 1, 3);
    const late = story.resolve('a', 4, 8);
    story.invalidate('b', 5, 10);
    story.call('c', 30, 31, late);
    expect(story.violated()).toEqual([]);
    story.call('d', 20, 21, early);
    expect(story.violated()).toContain('I2');
  });
});

describe('a local tier', () => {
  const read = (reader: string) => {
    const story = new Story('plain', 'tiered');
    story.load('a/1', 'a', 1, 2);
    story.call(reader, 3, 4, 'a/1');
    story.invalidate('b', 5, 10);
    story.call(reader, 30, 31, 'a/1');
    return story.violated();
  };

  test('of another process may still have the value', () => {
    expect(read('c')).toEqual([]);
  });

  test('of the process that has invalidated has it no more', () => {
    expect(read('b')).toEqual(['I2']);
  });
});

describe('servers that forget', () => {
  const story = (invalidated: number, readAt: number) => {
    const made = new Story('plain');
    made.load('a/1', 'a', 1, 2);
    made.invalidate('b', invalidated, invalidated + 1);
    made.call('c', readAt, readAt + 1, 'a/1');
    made.amnesias.push({ start: 100, end: 120, why: 'test' });
    return made.violated();
  };

  test('may forget an invalidation that was not copied yet', () => {
    expect(story(85, 130)).toEqual([]);
    expect(story(110, 130)).toEqual([]);
  });

  test('do not forget what was long done, or comes later', () => {
    expect(story(50, 130)).toEqual(['I2']);
    expect(story(125, 130)).toEqual(['I2']);
  });

  test('have not forgotten it before they do', () => {
    expect(story(60, 70)).toEqual(['I2']);
  });

  test('may forget that a load was overtaken that is still under way', () => {
    const made = new Story('plain');
    made.load('a/1', 'a', 1, 110);
    made.invalidate('b', 50, 51);
    made.call('c', 130, 131, 'a/1');
    made.amnesias.push({ start: 100, end: 120, why: 'test' });
    expect(made.violated()).toEqual([]);
  });
});
