/** What calls took, in milliseconds. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
}

/** Exact quantiles by nearest rank; sorts what it is given. */
export function latency(durations: Float64Array): Latency {
  durations.sort();
  return { p50: quantile(durations, 0.5), p99: quantile(durations, 0.99) };
}

function quantile(sorted: Float64Array, share: number): number {
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new RangeError('There is no quantile of nothing: no call was timed');
  return value;
}
