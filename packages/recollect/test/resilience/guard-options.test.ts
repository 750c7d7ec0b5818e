import { describe, expect, test } from '@jest/globals';
import { ConfigurationError } from 'recollect';
import type { GuardOptions } from 'recollect/guard';
import { GuardedStore } from './guarded-store.js';

describe('an option that cannot be meant is refused by name', () => {
  const numbers = ['deadlineMs', 'maxInFlight', 'maxInFlightBytes'];
  const breakerNumbers = ['failures', 'openMs', 'longestOpenMs', 'refusedMs'];
  const wrong = [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '5', null, {}];

  test.each(wrong)('%p as any of the numbers', (value) => {
    for (const option of numbers) expect(refusal({ [option]: value })).toContain(`Store: ${option} is `);
    for (const option of breakerNumbers)
      expect(refusal({ breaker: { [option]: value } })).toContain(`Store: breaker.${option} is `);
  });

  test.each([
    [
      { deadlineMs: 3_600_001 },
      'Store: deadlineMs is 3600001; it accepts a positive whole number up to 3600000',
    ],
    [
      { breaker: true },
      'Store: breaker is true; it accepts false or { failures, openMs, longestOpenMs, refusedMs }',
    ],
    [{ breaker: null }, 'Store: breaker is null'],
    [{ breaker: [] }, 'Store: breaker is []'],
    [{ breaker: { failure: 1 } }, "Store: 'breaker.failure' is unknown; accepted: failures, openMs"],
    [
      { breaker: { openMs: 500, longestOpenMs: 499 } },
      'Store: breaker.longestOpenMs is 499; it accepts breaker.openMs, 500, or more',
    ],
  ])('%j', (options, message) => {
    expect(refusal(options)).toContain(message);
  });

  test.each<GuardOptions>([
    {},
    { breaker: false },
    { breaker: {} },
    { deadlineMs: 1, maxInFlight: 1, maxInFlightBytes: 1, breaker: { failures: 1, openMs: 1, refusedMs: 1 } },
    { breaker: { openMs: 60_000 } },
    { breaker: { openMs: 500, longestOpenMs: 500 } },
  ])('%j is fine', (options) => {
    expect(() => new GuardedStore(options)).not.toThrow();
  });

  test('members that belong to the backend are not looked at', () => {
    const options = { url: 'store://localhost', deadlineMs: 50 };
    expect(() => new GuardedStore(options)).not.toThrow();
  });
});

/** What the guard says of the options. */
function refusal(options: object): string {
  try {
    new GuardedStore(options);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return (error as Error).message;
  }
  return 'accepted';
}
