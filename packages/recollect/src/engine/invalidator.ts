import type { InvalidationOutcome, TierOutcome } from '../model/outcome.js';
import type { Binding } from './binding.js';
import { failed } from './failed.js';

/**
 * Declares entries wrong. Order matters: fence the loads, so that none of them stores; change the shared tier; then fence
 * and drop again, for a load that began meanwhile may have read the old value there. Without a shared tier once is enough,
 * and twice would drop what was loaded since.
 */
export class Invalidator {
  constructor(
    private readonly binding: Binding,
    /** Makes the whole site unreachable by arguments. */
    private readonly forgetLanes: () => void,
  ) {}

  /** One entry. What is local is gone before this returns, what is shared when it resolves. */
  async one(key: string): Promise<InvalidationOutcome> {
    const { flights, leasing, local, shared } = this.binding;
    const drop = (): void => {
      flights.fence(key);
      local?.drop(key);
    };
    return this.#inBoth(drop, shared && (() => shared.remove([key], leasing !== undefined)));
  }

  /** Every entry of the site, in O(1): a new epoch here, a new version id there. */
  async all(): Promise<InvalidationOutcome> {
    const { flights, keys, name, shared, state } = this.binding;
    const drop = (): void => {
      flights.fenceGroup(name);
      state.epoch++;
      this.forgetLanes();
    };
    return this.#inBoth(drop, shared && (() => shared.bump(keys.siteVersion(name))));
  }

  async #inBoth(
    drop: () => void,
    change: (() => Promise<boolean>) | undefined,
  ): Promise<InvalidationOutcome> {
    const local = this.binding.local === undefined ? 'none' : 'done';
    drop();
    if (change === undefined) return { local, shared: 'none' };
    const shared = await this.#inShared(change);
    drop();
    return { local, shared };
  }

  async #inShared(change: () => Promise<boolean>): Promise<TierOutcome> {
    try {
      if (await change()) return 'done';
      failed(this.binding, 'delete', new Error('the backend could not be reached'));
    } catch (error) {
      failed(this.binding, 'delete', error);
    }
    return 'failed';
  }
}
