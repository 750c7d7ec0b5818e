import type { Policy } from '../model/policy.js';
import type { Encoded } from '../serializers/serializer-set.js';
import { takeSnapshot } from '../serializers/snapshot.js';
import type { Equipment } from './binding.js';
import type { Shelf } from './entry.js';
import { lifetimes } from './lifetimes.js';
import type { LocalTier } from './local-tier.js';
import type { Fill, SharedTier } from './shared-tier.js';

/** The tiers a value goes to. */
export interface Destination extends Pick<Equipment, 'flights' | 'serializers'> {
  readonly name: string;
  readonly local: LocalTier | undefined;
  readonly shared: SharedTier | undefined;
  readonly versionKeys: readonly string[];
  readonly state: { readonly epoch: number };
}

/** A value stored by hand. */
export interface ManualDeposit {
  readonly key: string;
  readonly value: unknown;
  readonly args: readonly unknown[];
  readonly policy: Policy;
  readonly asynchronous: boolean;
  readonly shelf: Shelf | undefined;
}

/**
 * Stores values in both tiers, in one round trip to the shared one. Each takes the place of a load in flight for its key,
 * which will store nothing; an invalidation that comes meanwhile wins over the value, as it does over a load.
 *
 * @throws SerializationError, BackendError: unlike a decorated call, the caller of a manual operation hears of it.
 */
export async function depositAll(to: Destination, deposits: readonly ManualDeposit[]): Promise<void> {
  const { local, serializers, shared, state, versionKeys } = to;
  const prepared = deposits.map((item) => {
    const { policy, value, args } = item;
    const life = lifetimes(
      policy,
      { local: local?.defaultTtl ?? 0, shared: shared?.defaultTtl ?? 0 },
      value,
      args,
    );
    // All values are encoded before the first is stored: one that cannot be leaves nothing half done.
    const snapshot = takeSnapshot(value, local?.backend.isolation ?? 'copy', serializers, policy.serializer);
    return { item, life, snapshot, encoded: shared && serializers.encode(value, policy.serializer) };
  });
  const flights = prepared.map(({ item, snapshot }) => {
    const flight = to.flights.open(item.key, to.name);
    // Whoever calls before the shared tier has it joins, and gets this value.
    flight.promise = Promise.resolve(item.value);
    flight.copy = () => snapshot.take();
    return flight;
  });
  for (const { item, life, snapshot } of prepared) {
    const { key, asynchronous, shelf } = item;
    local?.store({ key, snapshot, ttlMs: life.local, asynchronous, epoch: state.epoch, shelf });
  }
  try {
    if (shared === undefined) return;
    const versions = await shared.versions(versionKeys);
    const fills = prepared.map(({ item, life, encoded }) => ({
      key: item.key,
      encoded: encoded as Encoded,
      ttlMs: life.shared,
      siteVersion: item.policy.version,
      versions,
    }));
    const fenced = (fill: Fill): boolean => flights[fills.indexOf(fill)]?.fenced === true;
    const refused = fills.filter(({ ttlMs }) => ttlMs === 0);
    // A result that must not be stored replaces the old one by nothing.
    if (refused.length > 0) await shared.remove(refused.map(({ key }) => key));
    await shared.write(
      fills.filter(({ ttlMs }) => ttlMs > 0),
      (fill) => !fenced(fill),
    );
  } finally {
    for (const flight of flights) to.flights.close(flight);
  }
}

/** One value; see {@link depositAll}. */
export function deposit(to: Destination, item: ManualDeposit): Promise<void> {
  return depositAll(to, [item]);
}
