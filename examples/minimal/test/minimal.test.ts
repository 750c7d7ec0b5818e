import { expect, jest, test } from '@jest/globals';

test('the program measures once, and again after an invalidation', async () => {
  const log = jest.spyOn(console, 'log').mockImplementation(() => {});
  await import('../src/main.js');
  expect(log.mock.calls.map(([line]) => line)).toEqual([
    '10 °C, 10 °C: measured 1 time(s)',
    '50 °F',
    'after an invalidation: measured 2 time(s)',
  ]);
  log.mockRestore();
});
