import type { SiteCounters } from '../observe/site-stats.js';
import type { Method, Resolver } from './site.js';

/** What answers when there is nothing to cache in: the method, and nothing else. */
export class PassThrough implements Resolver {
  constructor(
    private readonly method: Method,
    private readonly counters: SiteCounters,
  ) {}

  resolve(self: unknown, args: ArrayLike<unknown>): unknown {
    this.counters.loads++;
    return this.method.apply(self, args as unknown[]);
  }
}
