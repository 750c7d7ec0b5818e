/** Seed of a test's random values: printed with the test's name, replayed with RECOLLECT_SEED. */
export const seed = Number(process.env.RECOLLECT_SEED ?? Math.floor(Math.random() * 2 ** 31));

/** mulberry32 (Tommy Ettinger, public domain): numbers from 0 to below 1. */
export function randomFrom(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
