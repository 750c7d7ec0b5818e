import { now } from './now.js';

const BEAT_MS = 50;
/** More than a beat may be late on a machine with other things to do, in microseconds. */
const STALL_US = 150_000;

/** Tells of each stretch in which this process did nothing, for it was stopped or others had the processor. */
export function reportStalls(report: (start: number, end: number) => void): () => void {
  let last = now();
  const beat = setInterval(() => {
    const at = now();
    if (at - last > STALL_US) report(last, at);
    last = at;
  }, BEAT_MS);
  // It keeps nobody alive.
  beat.unref();
  return () => clearInterval(beat);
}
