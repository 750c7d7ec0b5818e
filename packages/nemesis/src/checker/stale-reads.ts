import { mayBeForgotten } from './amnesia.js';
import type { Boundary } from './boundary.js';
import { type Read, readsOf } from './reads.js';
import type { Subject, Timeline } from './timeline.js';
import type { Violation } from './violation.js';

/** What came of looking for stale reads. */
export interface Staleness {
  readonly violations: readonly Violation[];
  /** Calls that shared a flight which had begun before an invalidation elsewhere: no violation, for the flight was first. */
  readonly overtakenJoins: number;
}

/** I2: nobody reads a value whose load began before an acknowledged invalidation that ended before the read began. */
export function staleReads(timeline: Timeline): Staleness {
  const violations: Violation[] = [];
  let overtakenJoins = 0;
  for (const subject of timeline.subjects) {
    for (const read of readsOf(subject, timeline)) {
      const stale = overtaking(read, subject, timeline);
      if (stale === undefined) continue;
      if (stale.to < read.since) violations.push(violationOf(read, stale, subject));
      else overtakenJoins++;
    }
  }
  return { violations, overtakenJoins };
}

/** The invalidation after which the value must not be read any more, the earliest one. */
function overtaking(read: Read, { invalidations, site }: Subject, timeline: Timeline): Boundary | undefined {
  const { call, load, resolution } = read;
  const born = load?.start ?? resolution?.to ?? Number.POSITIVE_INFINITY;
  return invalidations.find(
    (one) =>
      one.acknowledged &&
      one.from > born &&
      one.to < call.start &&
      // What another process holds locally lives on until it hears of it; in one's own it is gone at once.
      (site.tiers === 'shared' || one.operation.process === call.process) &&
      !mayBeForgotten(one, load, read.end, timeline),
  );
}

function violationOf({ call, value, end }: Read, { operation }: Boundary, subject: Subject): Violation {
  return {
    invariant: 'I2 stale read',
    message: `${call.id} got the value of ${value}, which began before ${operation.id} had been called; that was acknowledged before the call`,
    subject: subject.name,
    at: end,
    involved: [value, operation.id, call.id],
  };
}
