export type SiteMode = 'plain' | 'at_least_once' | 'at_most_once';

/** A cached function that every worker has. */
export interface SiteSpec {
  readonly name: string;
  readonly mode: SiteMode;
  /** `both`: a local tier in front of the shared one; other processes learn of an invalidation with delay or not at all. */
  readonly tiers: 'shared' | 'both';
}
