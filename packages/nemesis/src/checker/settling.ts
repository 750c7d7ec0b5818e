import { subjectOf } from '../history/history.js';
import { idleTime } from './idle-time.js';
import type { Timeline } from './timeline.js';
import type { Violation } from './violation.js';

/** I6: every operation ends in time, unless its process was killed; time in which nothing could happen does not count. */
export function unsettled(timeline: Timeline): Violation[] {
  const { settleWithin } = timeline.rules;
  return timeline.history.operations.flatMap((operation): Violation[] => {
    const process = timeline.process(operation.process);
    const end = operation.end ?? (process?.end === 'killed' ? process.ended : undefined);
    const took =
      end === undefined
        ? undefined
        : end - operation.start - idleTime(operation.process, operation.start, end, timeline);
    if (took !== undefined && took <= settleWithin) return [];
    const how = took === undefined ? 'has not ended' : `took ${Math.round(took / 1_000)} ms`;
    return [
      {
        invariant: 'I6 call does not settle',
        message: `${operation.kind} ${operation.id} ${how}`,
        subject: subjectOf(operation),
        at: end ?? operation.start,
        involved: [operation.id],
      },
    ];
  });
}
