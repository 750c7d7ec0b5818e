import { expect, test } from '@jest/globals';
import { latency } from '../src/latency.js';
import { time } from '../src/report.js';

test('quantiles are by nearest rank, whatever the order', () => {
  const durations = Float64Array.from({ length: 200 }, (_, at) => 200 - at);
  expect(latency(durations)).toEqual({ p50: 100, p99: 198 });
  expect(latency(Float64Array.of(3))).toEqual({ p50: 3, p99: 3 });
});

test('quantiles of nothing are refused', () => {
  expect(() => latency(new Float64Array())).toThrow(RangeError);
});

test.each([
  [0.000_412, '0.412 µs'],
  [0.012_345, '12.3 µs'],
  [0.9999, '1000 µs'],
  [1.234, '1.23 ms'],
  [1234.5, '1230 ms'],
])('%d ms are shown as %s', (ms, shown) => {
  expect(time(ms)).toBe(shown);
});
