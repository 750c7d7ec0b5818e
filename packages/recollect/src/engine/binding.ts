import type { KeySpace } from '../keys/key-space.js';
import type { Policy } from '../model/policy.js';
import type { Monitor } from '../observe/monitor.js';
import type { SiteCounters } from '../observe/site-stats.js';
import type { Clock } from '../ports/clock.js';
import type { Background } from '../resilience/background.js';
import type { Flights } from '../resilience/flights.js';
import type { SerializerSet } from '../serializers/serializer-set.js';
import type { Leasing } from './leasing.js';
import type { LocalTier } from './local-tier.js';
import type { SharedTier } from './shared-tier.js';

/** What all sites of one runtime share. */
export interface Equipment {
  readonly clock: Clock;
  readonly flights: Flights;
  readonly background: Background;
  readonly monitor: Monitor;
  readonly keys: KeySpace;
  readonly serializers: SerializerSet;
  /** In production a call whose identity is in doubt bypasses the cache; elsewhere it fails. */
  readonly production: boolean;
}

/** What a site learns as it runs. */
export class SiteState {
  /** Raised by an invalidation of the whole site: entries of earlier epochs are dropped when met. */
  epoch = 0;

  constructor(
    /** Whether the method returns promises; `undefined` until that is known. */
    public asynchronous: boolean | undefined,
  ) {}
}

/** One site wired to one runtime: decided once, read at each call. */
export interface Binding extends Equipment {
  readonly name: string;
  readonly policy: Policy;
  readonly local: LocalTier | undefined;
  readonly shared: SharedTier | undefined;
  /** Keys of the version ids that the site's values depend on. */
  readonly versionKeys: readonly string[];
  readonly counters: SiteCounters;
  readonly state: SiteState;
  /** Present where loads take turns with those of other processes. */
  readonly leasing: Leasing | undefined;
}
