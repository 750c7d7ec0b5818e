/** The most of these moments, which are in order, that lie within so many milliseconds. */
export function densest(moments: readonly number[], ms: number): number {
  let [most, from] = [0, 0];
  for (const [at, moment] of moments.entries()) {
    while (moment - (moments[from] ?? moment) >= ms) from += 1;
    most = Math.max(most, at - from + 1);
  }
  return most;
}
