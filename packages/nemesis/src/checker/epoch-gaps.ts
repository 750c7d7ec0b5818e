import type { Boundary } from './boundary.js';

/** Two events that belong to different epochs, and when the first of these can have ended. */
export interface Gap {
  readonly from: number;
  readonly to: number;
}

interface Stretch {
  readonly from: number;
  readonly to: number;
}

/**
 * The gaps in which no epoch can have ended. A boundary that came into force once accounts for one gap; any other, and whatever is
 * in `excused`, for all that it touches. Which accounts for which is a bipartite matching, by augmenting paths (Kuhn, "The
 * Hungarian method for the assignment problem", 1955); O(gaps × boundaries) in the usual case of few candidates per gap.
 */
export function unexplainedGaps(
  gaps: readonly Gap[],
  boundaries: readonly Boundary[],
  excused: readonly Stretch[],
): number[] {
  const free: readonly Stretch[] = [...boundaries.filter((one) => !one.once), ...excused];
  const single = boundaries.filter((one) => one.once);
  const candidates = gaps.map((gap) =>
    free.some((one) => touches(gap, one))
      ? undefined
      : single.flatMap((one, index) => (touches(gap, one) ? [index] : [])),
  );
  const takenBy = new Map<number, number>();
  const assign = (gap: number, tried: Set<number>): boolean => {
    for (const boundary of candidates[gap] ?? []) {
      if (tried.has(boundary)) continue;
      tried.add(boundary);
      const holder = takenBy.get(boundary);
      if (holder === undefined || assign(holder, tried)) {
        takenBy.set(boundary, gap);
        return true;
      }
    }
    return false;
  };
  return candidates.flatMap((some, gap) => (some === undefined || assign(gap, new Set()) ? [] : [gap]));
}

function touches(one: Stretch, other: Stretch): boolean {
  return one.from <= other.to && other.from <= one.to;
}
