import type { Load, Operation } from '../history/history.js';
import type { Boundary } from './boundary.js';
import { idleTime } from './idle-time.js';
import type { Subject, Timeline } from './timeline.js';

/** A call that was answered with a value. */
export interface Read {
  readonly call: Operation;
  readonly end: number;
  /**
   * Since when the answer may have been on its way: a call that comes while another of its process and key is under way
   * shares its flight, and is answered as if it had come with it.
   */
  readonly since: number;
  /** Where the value comes from, the id of a load or of a resolution. */
  readonly value: string;
  readonly load: Load | undefined;
  readonly resolution: Boundary | undefined;
  /** Another process loaded it, so it lay in the shared tier. */
  readonly stored: boolean;
}

/** The reads of a subject whose values are known; others are foreign, which is another check. */
export function readsOf(subject: Subject, timeline: Timeline): Read[] {
  const byProcess = new Map<string, Operation[]>();
  return subject.calls.flatMap((call): Read[] => {
    const earlier = (byProcess.get(call.process) ?? []).filter(mayBeJoined(call, timeline));
    byProcess.set(call.process, [...earlier, call]);
    const { end, outcome } = call;
    if (outcome?.is !== 'value' || end === undefined) return [];
    const load = timeline.load(outcome.load);
    const resolution = subject.resolutions.find(({ operation }) => operation.id === outcome.load);
    if (load === undefined && resolution === undefined) return [];
    const opener = earlier.find(
      (other) => isOpen(other, call) || (load !== undefined && load.call === other.id),
    );
    const since = Math.min(call.start, opener?.start ?? call.start);
    const stored = (load ?? resolution?.operation)?.process !== call.process;
    return [{ call, end, since, value: outcome.load, load, resolution, stored }];
  });
}

function isOpen(earlier: Operation, call: Operation): boolean {
  return earlier.end === undefined || earlier.end >= call.start;
}

/** Keeps what a later call may still have to do with; its load may be on the way to the shared tier. */
function mayBeJoined({ process, start }: Operation, timeline: Timeline): (earlier: Operation) => boolean {
  const { landing } = timeline.rules;
  return ({ end }) =>
    end === undefined ||
    start - end <= landing ||
    start - end - idleTime(process, end, start, timeline) <= landing;
}

/** From when on the load may have been claimed: that is after the call began for which it was made. */
export function claimedSince(load: Load, subject: Subject, timeline: Timeline): number {
  const call = load.call === undefined ? undefined : timeline.operation(load.call);
  if (call !== undefined) return call.start;
  const open = subject.calls.filter(
    ({ process, start, end }) =>
      process === load.process && start <= load.start && (end === undefined || end >= load.start),
  );
  return open[0]?.start ?? Number.NEGATIVE_INFINITY;
}
