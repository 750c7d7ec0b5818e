import type { Timeline } from './timeline.js';
import type { Violation } from './violation.js';

/** I1: every value was loaded, or stored by hand, for the very key that was asked for. I5: an error is never one. */
export function foreignValues(timeline: Timeline): Violation[] {
  return timeline.subjects.flatMap((subject) =>
    subject.calls.flatMap((call): Violation[] => {
      const { outcome } = call;
      const found = (
        invariant: Violation['invariant'],
        message: string,
        ...others: string[]
      ): Violation[] => [
        {
          invariant,
          message,
          subject: subject.name,
          at: call.end ?? call.start,
          involved: [...others, call.id],
        },
      ];
      if (outcome?.is === 'foreign')
        return found('I1 foreign value', `it got ${outcome.shown}, which nobody has ever returned`);
      if (outcome?.is === 'value') {
        const { load: id, subject: loadedFor } = outcome;
        const source = timeline.load(id) ?? timeline.operation(id);
        if (loadedFor !== subject.name || source === undefined || source.start > (call.end ?? call.start))
          return found('I1 foreign value', `it got the value of ${id}, loaded for ${loadedFor}`, id);
        if (timeline.load(id)?.outcome === 'error')
          return found('I5 error as a value', `it got a value of ${id}, which has failed`, id);
      }
      if (outcome?.is === 'loader-error') {
        const load = timeline.load(outcome.load);
        if (load?.process !== call.process || load.outcome !== 'error')
          return found(
            'I5 error as a value',
            `it got an error of ${outcome.load}, not a load of its process`,
          );
        if ((load.end ?? 0) + timeline.rules.landing < call.start)
          return found(
            'I5 error as a value',
            `it got the error of ${load.id}, which was over before`,
            load.id,
          );
      }
      return [];
    }),
  );
}
