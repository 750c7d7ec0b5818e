import type { FaultRecord, Operation, ProcessRecord } from '../history/history.js';
import type { Rules } from './rules.js';

/** An invalidation or resolution, and when it can have come into force. */
export interface Boundary {
  readonly operation: Operation;
  readonly from: number;
  readonly to: number;
  readonly acknowledged: boolean;
  /** It came into force once. Otherwise it may have done so several times, or, when it is not acknowledged, never. */
  readonly once: boolean;
}

/** What {@link boundariesOf} needs to know of the surroundings. */
interface Surroundings {
  readonly rules: Rules;
  readonly process: (name: string) => ProcessRecord | undefined;
  faultsOn(process: string): readonly FaultRecord[];
}

export function boundariesOf(surroundings: Surroundings, operations: readonly Operation[]): Boundary[] {
  return operations.map((operation) => {
    const { start: from, end, outcome } = operation;
    if (outcome?.is !== 'done' || end === undefined) {
      const to = latestEffect(surroundings, operation);
      return { operation, from, to, acknowledged: false, once: false };
    }
    return {
      operation,
      from,
      to: end,
      acknowledged: true,
      once: !mayBeRepeated(surroundings, operation, end),
    };
  });
}

/** One whose reply was lost, or did not come in time, is sent again, and may have come into force each time. */
function mayBeRepeated({ process, rules }: Surroundings, operation: Operation, end: number): boolean {
  if (end - operation.start >= rules.deadline) return true;
  const losses = process(operation.process)?.losses ?? [];
  return losses.some((at) => at >= operation.start && at <= end);
}

/** Until when a command that nobody has seen acknowledged can have reached a server. */
function latestEffect(surroundings: Surroundings, { process, start, end, outcome }: Operation): number {
  const died = surroundings.process(process)?.ended ?? Number.POSITIVE_INFINITY;
  // What is queued is tried as long as the process lives.
  let latest = outcome?.is === 'queued' ? died : (end ?? died);
  const holding = surroundings.faultsOn(process).filter((fault) => fault.holdsBack && fault.end > start);
  for (const fault of [...holding].sort((one, other) => one.start - other.start)) {
    if (fault.start <= latest + surroundings.rules.late) latest = Math.max(latest, fault.end);
  }
  return latest + surroundings.rules.late;
}
