import { describe, expect, test } from '@jest/globals';
import { readOptions, sitesOf } from '../src/options.js';

describe('options', () => {
  test('are what was said', () => {
    const said = '--minutes 0.5 --seed 7 --mode plain --topology cluster --workers 3 --bug expiring-claim';
    expect(readOptions(said.split(' '))).toEqual({
      minutes: 0.5,
      seed: 7,
      mode: 'plain',
      topology: 'cluster',
      workers: 3,
      bug: 'expiring-claim',
    });
  });

  test('have defaults', () => {
    const { seed, ...rest } = readOptions([]);
    expect(rest).toEqual({ minutes: 1, mode: 'all', topology: 'standalone', workers: 5, bug: undefined });
    expect(Number.isSafeInteger(seed)).toBe(true);
  });

  test.each([
    ['--minutes', '0', "--minutes is '0'; accepted: a number greater than 0"],
    ['--minutes', '', "--minutes is ''; accepted: a number greater than 0"],
    ['--seed', '1.5', "--seed is '1.5'; accepted: a whole number"],
    ['--mode', 'exactly_once', "--mode is 'exactly_once'; accepted: all, plain, at_least_once, at_most_once"],
    ['--topology', 'ring', "--topology is 'ring'; accepted: standalone, cluster, sentinel"],
    ['--workers', '0', "--workers is '0'; accepted: a whole number from 1"],
  ])('%s %j is refused', (option, value, message) => {
    expect(() => readOptions([`${option}=${value}`])).toThrow(message);
  });

  test('an unknown one is refused', () => {
    expect(() => readOptions(['--seeds', '1'])).toThrow(/Unknown option '--seeds'/);
  });
});

test('each mode has its sites, and all have all', () => {
  expect(sitesOf('all')).toHaveLength(4);
  expect(sitesOf('plain').map(({ name }) => name)).toEqual(['plain', 'tiered']);
  expect(sitesOf('at_most_once').map(({ name }) => name)).toEqual(['most']);
});
