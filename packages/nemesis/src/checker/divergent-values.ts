import { forgettings } from './amnesia.js';
import { type Gap, unexplainedGaps } from './epoch-gaps.js';
import { type Read, readsOf } from './reads.js';
import type { Subject, Timeline } from './timeline.js';
import type { Violation } from './violation.js';

/** When a value was certainly in the shared tier: it was there at some moment of each read. */
interface Sight {
  readonly value: string;
  /** It was there before this. */
  readonly by: number;
  /** It was there after this. */
  readonly still: number;
  readonly reads: readonly Read[];
}

/** I4: in one epoch there is one value in the shared tier, and one that was replaced does not come back. */
export function divergentValues(timeline: Timeline): Violation[] {
  return timeline.subjects
    .filter(({ site }) => site.tiers === 'shared')
    .flatMap((subject) => divergentOf(subject, timeline));
}

function divergentOf(subject: Subject, timeline: Timeline): Violation[] {
  const sights = sightsOf(subject, timeline);
  const pairs = sights.slice(1).map((sight, at): [Sight, Sight] => [sights[at] as Sight, sight]);
  const changes = [...subject.invalidations, ...subject.resolutions];
  const found = (pair: readonly Sight[], message: string): Violation => ({
    invariant: 'I4 two values in one epoch',
    message,
    subject: subject.name,
    at: Math.max(...pair.map(({ by }) => by)),
    involved: pair.flatMap(({ value, reads }) => [value, ...reads.slice(-1).map(({ call }) => call.id)]),
  });
  const back = pairs.filter(([one, two]) => one.still > two.by && !mayReturn(one, two, subject, timeline));
  const gaps = pairs.map(([one, two]) => gapBetween(one, two));
  const unseparated = unexplainedGaps(gaps, changes, forgettings(timeline)).map(
    (at) => pairs[at] as [Sight, Sight],
  );
  return [
    ...back.map((pair) =>
      found(pair, `${pair[0].value} was read again after ${pair[1].value} had replaced it`),
    ),
    ...unseparated.map((pair) =>
      found(pair, `${pair[0].value} and ${pair[1].value} were read with no change between them`),
    ),
  ];
}

/** Values in the order in which they were there: where one was certainly there before another, this order says so. */
function sightsOf(subject: Subject, timeline: Timeline): Sight[] {
  const byValue = new Map<string, Read[]>();
  for (const read of readsOf(subject, timeline)) {
    if (!read.stored) continue;
    const reads = byValue.get(read.value);
    if (reads === undefined) byValue.set(read.value, [read]);
    else reads.push(read);
  }
  return [...byValue]
    .map(([value, reads]) => ({
      value,
      reads,
      by: Math.min(...reads.map(({ end }) => end)),
      still: Math.max(...reads.map(({ since }) => since)),
    }))
    .sort((one, two) => one.by + one.still - two.by - two.still);
}

/** One that was stored by hand, unacknowledged, may have been stored again; and a forgetful server may go back in time. */
function mayReturn(one: Sight, two: Sight, { resolutions }: Subject, timeline: Timeline): boolean {
  const byHand = resolutions.some(
    ({ operation, acknowledged }) => operation.id === one.value && !acknowledged,
  );
  return byHand || forgettings(timeline).some(({ from, to }) => from <= one.still && to >= two.by);
}

function gapBetween(one: Sight, two: Sight): Gap {
  if (one.still > two.by) return { from: two.by, to: one.still };
  // Either may have been first.
  if (two.still <= one.by) return { from: Math.min(one.still, two.still), to: Math.max(one.by, two.by) };
  return { from: one.still, to: two.by };
}
