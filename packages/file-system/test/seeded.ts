/** Seed of a test's random values: printed with what it found, replayed with RECOLLECT_SEED. */
export const seed = Number(process.env.RECOLLECT_SEED ?? Date.now() % 2 ** 31);

/**
 * Whole numbers from 0 to below `end`, the same for the same start (xorshift32: Marsaglia, "Xorshift RNGs", Journal of
 * Statistical Software 8, 2003).
 */
export function seeded(start: number): (end: number) => number {
  let state = Math.imul(start, 0x9e3779b1) | 1;
  return (end) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return Math.floor(((state >>> 0) / 2 ** 32) * end);
  };
}
