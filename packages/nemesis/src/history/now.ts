/** Microseconds of the monotonic clock, which all processes of a machine share on Linux. */
export function now(): number {
  return Number(process.hrtime.bigint() / 1_000n);
}
