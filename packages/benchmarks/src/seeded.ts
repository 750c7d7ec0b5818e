/** Numbers from 0 to 1 that a seed brings back: a linear congruential generator (Knuth, TAOCP vol. 2, 3.2.1). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
