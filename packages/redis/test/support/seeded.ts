/** Seed of a test's random values: printed with the test's name, replayed with RECOLLECT_SEED. */
export const seed = Number(process.env.RECOLLECT_SEED ?? Math.floor(Math.random() * 2 ** 31));

/**
 * Whole numbers from 0 to below `end`, the same for the same seed and label (xorshift32: Marsaglia, "Xorshift RNGs",
 * Journal of Statistical Software 8, 2003).
 */
export function seeded(label: string): (end: number) => number {
  let state = seed | 1;
  for (const letter of label) state = Math.imul(state ^ letter.charCodeAt(0), 0x9e3779b1) | 1;
  return (end) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return Math.floor(((state >>> 0) / 2 ** 32) * end);
  };
}
