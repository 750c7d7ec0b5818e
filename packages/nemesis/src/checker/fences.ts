import { forgettings } from './amnesia.js';
import { claimedSince } from './reads.js';
import type { Timeline } from './timeline.js';
import type { Violation } from './violation.js';

/** Fence numbers of a key grow with its claims, and none is given twice. */
export function fences(timeline: Timeline): Violation[] {
  // A counter that was forgotten begins again.
  if (forgettings(timeline).length > 0) return [];
  return timeline.subjects.flatMap((subject) => {
    const loads = subject.loads.flatMap(({ fence, ...load }) =>
      fence === undefined ? [] : [{ ...load, fence }],
    );
    loads.sort((one, two) => two.fence - one.fence);
    let after = loads[0];
    return loads.slice(1).flatMap((load): Violation[] => {
      const later = after as (typeof loads)[number];
      if (load.start < later.start) after = load;
      if (later.fence !== load.fence && later.start >= claimedSince(load, subject, timeline)) return [];
      return [
        {
          invariant: 'fence goes back',
          message: `${later.id} had the fence ${later.fence} before ${load.id} got ${load.fence}`,
          subject: subject.name,
          at: load.start,
          involved: [later.id, load.id],
        },
      ];
    });
  });
}
