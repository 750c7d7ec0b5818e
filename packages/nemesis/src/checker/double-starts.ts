import type { Load } from '../history/history.js';
import { forgettings } from './amnesia.js';
import { type Gap, unexplainedGaps } from './epoch-gaps.js';
import { claimedSince } from './reads.js';
import type { Subject, Timeline } from './timeline.js';
import type { Violation } from './violation.js';

/** I3: with at_most_once, between two starts of the method an epoch has ended. */
export function doubleStarts(timeline: Timeline): Violation[] {
  return timeline.subjects
    .filter(({ site }) => site.mode === 'at_most_once')
    .flatMap((subject) => doubleStartsOf(subject, timeline));
}

function doubleStartsOf(subject: Subject, timeline: Timeline): Violation[] {
  // A claim lies between the call and the start, so neither tells the order for sure; the fence does.
  const orders = inClaimOrder(subject, timeline);
  const findings = orders.map((loads) => pairsWithout(loads, subject, timeline));
  if (findings.some((pairs) => pairs.length === 0)) return [];
  return (findings[0] ?? []).map(([first, second]) => ({
    invariant: 'I3 started twice',
    message: `${first.id} and ${second.id} started with no invalidation between them`,
    subject: subject.name,
    at: second.start,
    involved: [first.id, second.id],
  }));
}

function inClaimOrder({ loads, ...subject }: Subject, timeline: Timeline): Load[][] {
  const sorted = (by: (load: Load) => number): Load[] => [...loads].sort((one, two) => by(one) - by(two));
  if (timeline.history.amnesias.length === 0 && loads.every(({ fence }) => fence !== undefined))
    return [sorted(({ fence }) => fence as number)];
  return [
    sorted(({ start }) => start),
    sorted((load) => claimedSince(load, { ...subject, loads }, timeline)),
  ];
}

function pairsWithout(loads: readonly Load[], subject: Subject, timeline: Timeline): [Load, Load][] {
  const pairs = loads.slice(1).map((load, at): [Load, Load] => [loads[at] as Load, load]);
  const gaps = pairs.map(([first, second]): Gap => {
    return { from: claimedSince(first, subject, timeline), to: second.start };
  });
  const excused = [
    ...forgettings(timeline),
    ...(timeline.rules.errorEndsEpoch ? failures(loads, timeline) : []),
  ];
  return unexplainedGaps(gaps, subject.invalidations, excused).map((at) => pairs[at] as [Load, Load]);
}

/** A load that fails may give its claim back, at once or when the server can be reached again. */
function failures(loads: readonly Load[], { rules }: Timeline): Gap[] {
  return loads.flatMap(({ outcome, end }) =>
    outcome === 'error' && end !== undefined ? [{ from: end, to: end + rules.settleWithin }] : [],
  );
}
