import type { InvalidationOutcome } from '../model/outcome.js';
import type { SiteCounters, SiteStats } from '../observe/site-stats.js';
import type { Method } from './site.js';
import type { SiteOperations } from './site-operations.js';

const NOTHING: InvalidationOutcome = Object.freeze({ local: 'none', shared: 'none' });

/** The operations of a site that is cached nowhere. */
export class NullOperations implements SiteOperations {
  constructor(
    private readonly method: Method,
    private readonly counters: SiteCounters,
  ) {}

  peek(): undefined {
    return undefined;
  }

  async has(): Promise<boolean> {
    return false;
  }

  async ttl(): Promise<undefined> {
    return undefined;
  }

  key(): undefined {
    return undefined;
  }

  async set(): Promise<void> {}

  async resolve(): Promise<void> {}

  refresh(self: unknown, args: readonly unknown[]): unknown {
    return this.method.apply(self, args as unknown[]);
  }

  async invalidate(): Promise<InvalidationOutcome> {
    return NOTHING;
  }

  async invalidateAll(): Promise<InvalidationOutcome> {
    return NOTHING;
  }

  stats(): SiteStats {
    return this.counters.snapshot();
  }
}
