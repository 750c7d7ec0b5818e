import type { Timeline } from './timeline.js';

/** How much of the time a process was stopped or did nothing, or whoever passes its bytes on did nothing. */
export function idleTime(process: string, from: number, to: number, timeline: Timeline): number {
  const stopped = timeline.faultsOn(process).filter(({ kind }) => kind === 'stop-worker' || kind === 'stall');
  const stretches = [...stopped, ...(timeline.process(process)?.stalls ?? [])]
    .filter((one) => one.start < to && one.end > from)
    .sort((one, other) => one.start - other.start);
  let until = from;
  let idle = 0;
  for (const { start, end } of stretches) {
    const [begin, stop] = [Math.max(until, start), Math.min(to, end)];
    idle += Math.max(0, stop - begin);
    until = Math.max(until, stop);
  }
  return idle;
}
