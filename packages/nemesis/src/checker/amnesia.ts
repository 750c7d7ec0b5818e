import type { Load } from '../history/history.js';
import type { Boundary } from './boundary.js';
import type { Gap } from './epoch-gaps.js';
import type { Timeline } from './timeline.js';

/** The stretches in which the servers may have forgotten anything that was acknowledged shortly before or meanwhile. */
export function forgettings({ history, rules }: Timeline): Gap[] {
  return history.amnesias.map(({ start, end }) => ({ from: start - rules.lag, to: end }));
}

/**
 * Whether the servers may have forgotten the invalidation, so that a load that it overtook could store all the same: it was
 * acknowledged too late to be copied, or the load was under way when they forgot.
 */
export function mayBeForgotten(
  { from, to }: Boundary,
  load: Load | undefined,
  readUntil: number,
  timeline: Timeline,
): boolean {
  return forgettings(timeline).some((forgetting) => {
    if (readUntil < forgetting.from) return false;
    const invalidation = to >= forgetting.from && from <= forgetting.to;
    const loading =
      load !== undefined &&
      load.start <= forgetting.to &&
      (load.end ?? Number.POSITIVE_INFINITY) + timeline.rules.landing >= forgetting.from;
    return invalidation || loading;
  });
}
