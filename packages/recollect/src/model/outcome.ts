/** What an invalidation came to in one tier. `none`: there is no such tier for the site. */
export type TierOutcome = 'done' | 'failed' | 'none';

/**
 * What an invalidation did. It never rejects because a backend failed: `shared: 'failed'` says that the old value may
 * still be read from there, by this process too, until its time to live ends.
 */
export interface InvalidationOutcome {
  readonly local: TierOutcome;
  readonly shared: TierOutcome;
}
