/** Counts of one site since it was bound to its runtime. */
export interface SiteStats {
  /** Calls answered from the local tier. */
  readonly localHits: number;
  /** Calls answered from the shared tier. */
  readonly sharedHits: number;
  /** Calls that shared the load, or the read, of another. */
  readonly joins: number;
  /** Calls for which nothing was stored anywhere. */
  readonly misses: number;
  /** Runs of the method by the cache. */
  readonly loads: number;
  /** Runs that ended in an error of the method. */
  readonly loadErrors: number;
  /** Results not stored because an invalidation overtook the run, or arguments or scope were changed since the call. */
  readonly fenced: number;
  /** Calls passed to the method with nothing stored. */
  readonly bypasses: number;
  /** Degraded decisions: a tier, a serializer or a callback failed and the call was answered all the same. */
  readonly failures: number;
}

/** The same, counting. */
export class SiteCounters implements SiteStats {
  localHits = 0;
  sharedHits = 0;
  joins = 0;
  misses = 0;
  loads = 0;
  loadErrors = 0;
  fenced = 0;
  bypasses = 0;
  failures = 0;

  snapshot(): SiteStats {
    return { ...this };
  }
}

/** The sum over several sites. */
export function sumStats(all: Iterable<SiteStats>): SiteStats {
  const sum = new SiteCounters();
  for (const one of all) {
    for (const name of Object.keys(sum) as (keyof SiteStats)[]) sum[name] += one[name];
  }
  return sum;
}
