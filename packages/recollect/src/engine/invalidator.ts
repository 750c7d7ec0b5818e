import type { InvalidationOutcome, TierOutcome } from '../model/outcome.js';
import type { Binding } from './binding.js';

/**
 * Declares entries wrong. Order matters: fence the loads, so that none of them stores; change the shared tier; then fence
 * and drop again, for a load that began meanwhile may have read the old value there.
 */
export class Invalidator {
  constructor(
    private readonly binding: Binding,
    /** Makes the whole site unreachable by arguments. */
    private readonly forgetLanes: () => void,
  ) {}

  /** One entry. What is local is gone before this returns, what is shared when it resolves. */
  async one(key: string): Promise<InvalidationOutcome> {
    const { flights, local, shared } = this.binding;
    const drop = (): void => {
      flights.fence(key);
      local?.drop(key);
    };
    drop();
    const outcome = await this.#inShared(shared && (async () => (await shared.remove([key])) !== undefined));
    drop();
    return { local: local === undefined ? 'none' : 'done', shared: outcome };
  }

  /** Every entry of the site, in O(1): a new epoch here, a new version id there. */
  async all(): Promise<InvalidationOutcome> {
    const { flights, keys, local, name, shared, state } = this.binding;
    const drop = (): void => {
      flights.fenceGroup(name);
      state.epoch++;
      this.forgetLanes();
    };
    drop();
    const outcome = await this.#inShared(shared && (() => shared.bump(keys.siteVersion(name))));
    drop();
    return { local: local === undefined ? 'none' : 'done', shared: outcome };
  }

  async #inShared(change: (() => Promise<boolean>) | undefined): Promise<TierOutcome> {
    if (change === undefined) return 'none';
    try {
      if (await change()) return 'done';
      this.#failed(new Error('the backend could not be reached'));
    } catch (error) {
      this.#failed(error);
    }
    return 'failed';
  }

  #failed(error: unknown): void {
    this.binding.counters.failures++;
    this.binding.monitor.failure({ operation: 'delete', site: this.binding.name, error });
  }
}
