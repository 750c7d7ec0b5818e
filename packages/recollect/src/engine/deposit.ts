import type { Policy } from '../model/policy.js';
import type { Flight } from '../resilience/flights.js';
import type { Encoded } from '../serializers/serializer-set.js';
import { type Snapshot, takeSnapshot } from '../serializers/snapshot.js';
import type { Equipment } from './binding.js';
import type { Shelf } from './entry.js';
import { type Lifetimes, lifetimes } from './lifetimes.js';
import type { LocalTier } from './local-tier.js';
import type { Fill, SharedTier } from './shared-tier.js';

/** The tiers a value goes to. */
export interface Destination extends Pick<Equipment, 'flights' | 'serializers'> {
  readonly name: string;
  readonly local: LocalTier | undefined;
  readonly shared: SharedTier | undefined;
  readonly versionKeys: readonly string[];
  readonly state: { readonly epoch: number };
  readonly leasing: unknown;
}

/** A value stored by hand. */
export interface ManualDeposit {
  readonly key: string;
  readonly value: unknown;
  readonly args: readonly unknown[];
  readonly policy: Policy;
  readonly asynchronous: boolean;
  readonly shelf: Shelf | undefined;
  /** The key as its owner knows it, where the name of the site does not say which value it is. */
  readonly label?: string;
}

/** A value in every form it is needed in. */
interface Prepared {
  readonly item: ManualDeposit;
  readonly life: Lifetimes;
  readonly snapshot: Snapshot;
  readonly encoded: Encoded | undefined;
}

/**
 * Stores values in both tiers, in one round trip to the shared one. Each takes the place of a load in flight for its key,
 * which will store nothing; an invalidation that comes meanwhile wins over the value, as it does over a load.
 *
 * @throws SerializationError, BackendError: unlike a decorated call, the caller of a manual operation hears of it.
 */
export async function depositAll(to: Destination, deposits: readonly ManualDeposit[]): Promise<void> {
  const { local, shared, state } = to;
  // All values are encoded before the first is stored: one that cannot be leaves nothing half done.
  const prepared = deposits.map((item) => prepare(to, item));
  const flights = prepared.map(({ item, snapshot }) => {
    const flight = to.flights.open(item.key, to.name);
    // Whoever calls before the shared tier has it joins, and gets this value.
    flight.landed = true;
    flight.promise = Promise.resolve(item.value);
    flight.copy = () => snapshot.take();
    return flight;
  });
  try {
    for (const { item, life, snapshot } of prepared) {
      const { key, asynchronous, shelf } = item;
      local?.store({ key, snapshot, ttlMs: life.local, asynchronous, epoch: state.epoch, shelf });
    }
    if (shared !== undefined) await fillShared(to, shared, prepared, flights);
  } finally {
    for (const flight of flights) to.flights.close(flight);
  }
}

/** One value; see {@link depositAll}. */
export function deposit(to: Destination, item: ManualDeposit): Promise<void> {
  return depositAll(to, [item]);
}

function prepare({ local, name, serializers, shared }: Destination, item: ManualDeposit): Prepared {
  const { policy, value, args } = item;
  const defaults = { local: local?.defaultTtl ?? 0, shared: shared?.defaultTtl ?? 0 };
  const snapshot = takeSnapshot(value, local?.backend.isolation ?? 'copy', serializers, policy.serializer);
  return {
    item,
    life: lifetimes(policy, defaults, value, args),
    snapshot,
    encoded: shared?.encode(value, policy.serializer, { site: name, key: item.label, snapshot }),
  };
}

async function fillShared(
  { leasing, versionKeys }: Destination,
  shared: SharedTier,
  prepared: readonly Prepared[],
  flights: readonly Flight[],
): Promise<void> {
  const leased = leasing !== undefined;
  const versions = await shared.versions(versionKeys, leased);
  const refused = prepared.filter(({ life }) => life.shared === 0);
  // A result that must not be stored replaces the old one by nothing.
  if (refused.length > 0)
    await shared.remove(
      refused.map(({ item }) => item.key),
      leased,
    );
  const underWay = new Map<Fill, Flight>();
  for (const [at, { item, life, encoded }] of prepared.entries()) {
    if (life.shared === 0) continue;
    const { key, policy } = item;
    const ttlMs = life.shared;
    const fill = { key, encoded: encoded as Encoded, ttlMs, siteVersion: policy.version, versions };
    underWay.set(fill, flights[at] as Flight);
  }
  await shared.write([...underWay.keys()], (fill) => underWay.get(fill)?.fenced === false, leased);
}
