import type { Lease } from '../ports/atomic-store.js';
import type { Failure } from '../ports/observer.js';
import type { Flight } from '../resilience/flights.js';
import { type Snapshot, takeSnapshot } from '../serializers/snapshot.js';
import type { Binding } from './binding.js';
import type { Call } from './call.js';
import { failed } from './failed.js';
import { type Lifetimes, lifetimes, promotedLife } from './lifetimes.js';
import type { Fill } from './shared-tier.js';
import type { Found, Sighting } from './sighting.js';

/** A result on its way from the method to those who wait for it. */
export interface Landing {
  readonly call: Call;
  readonly flight: Flight;
  readonly value: unknown;
  /** Whether the method promised it. */
  readonly asynchronous: boolean;
  /** What lay in the shared tier before the load began; `undefined` when the result must not go there. */
  readonly sighting: Sighting | undefined;
  /** An older value may be there. */
  readonly refreshing: boolean;
}

/** A result ready to be stored. */
export interface Parcel {
  readonly landing: Landing;
  readonly snapshot: Snapshot | undefined;
  readonly life: Lifetimes;
  /** For the shared tier; absent when it does not go there. */
  readonly fill: Fill | undefined;
}

/**
 * Stores results where they belong, unless an invalidation overtook them, and ends their flights. Whatever fails here is
 * counted and reported: the callers have their answer already.
 */
export class Committer {
  constructor(private readonly binding: Binding) {}

  /** A value found in the shared tier goes to the local one. */
  promote(call: Call, flight: Flight, { value, ttlMs }: Found & { readonly hit: true }): void {
    const { flights, local, policy } = this.binding;
    this.#guard(() => {
      const snapshot = this.#snapshotFor(flight, value);
      if (local === undefined || snapshot === undefined || flight.fenced) return;
      this.#keep(call, snapshot, promotedLife(policy, local.defaultTtl, value, ttlMs), true);
    });
    flights.close(flight);
  }

  /** A value that the method returned goes to both tiers. */
  commit(landing: Landing): void {
    const { background, flights } = this.binding;
    const { flight, sighting, refreshing } = landing;
    const close = (): void => flights.close(flight);
    const parcel = this.pack(landing);
    if (parcel !== undefined) this.keep(parcel);
    const inLocal = parcel !== undefined && this.binding.local !== undefined && parcel.life.local > 0;
    const written = parcel && sighting && this.#writtenBehind(parcel, sighting, refreshing);
    // Who does not find it in the local tier joins the flight until the write has landed, or would load again.
    if (written === undefined || inLocal) close();
    if (written !== undefined) background.run(written.finally(close), (error) => this.failed('write', error));
  }

  /** The result as it is now: from the next moment on it belongs to the caller. `undefined` when it cannot be stored. */
  pack(landing: Landing): Parcel | undefined {
    const { counters, local, name, policy, shared } = this.binding;
    const { call, flight, sighting, value } = landing;
    flight.landed = true;
    return this.#guard(() => {
      const snapshot = this.#snapshotFor(flight, value);
      // Of a load under a lease the store knows better: what fenced it here may have happened there before its claim.
      if (flight.strayed || (flight.fenced && !flight.leased)) {
        counters.fenced++;
        return undefined;
      }
      const life = lifetimes(policy, this.#defaults(), value, call.args);
      const versions = sighting?.versions;
      const goes = shared !== undefined && versions !== undefined && life.shared > 0;
      // Apart, since what cannot travel can stay here all the same.
      const encoded = goes
        ? this.#guard(() => shared.encode(value, policy.serializer, { site: name, snapshot }))
        : undefined;
      const fill =
        encoded === undefined || versions === undefined
          ? undefined
          : { key: call.key, encoded, ttlMs: life.shared, siteVersion: policy.version, versions };
      return { landing, snapshot: local && snapshot, life, fill };
    });
  }

  /** Puts the result into the local tier. */
  keep({ landing, life, snapshot }: Parcel): void {
    const { call, flight, asynchronous } = landing;
    if (snapshot === undefined || flight.fenced) return;
    this.#guard(() => this.#keep(call, snapshot, life.local, asynchronous));
  }

  /** Stores the result in the shared tier under its lease, and ends that; `false` when the lease was lost. */
  async settle({ fill }: Parcel, lease: Lease): Promise<boolean> {
    const { shared } = this.binding;
    if (shared === undefined || fill === undefined) return false;
    return (await shared.commit(fill, lease)) === 'stored';
  }

  /** Counts and reports a degraded decision. */
  failed(operation: Failure['operation'], error: unknown): void {
    failed(this.binding, operation, error);
  }

  #writtenBehind(
    { fill, landing }: Parcel,
    sighting: Sighting,
    refreshing: boolean,
  ): Promise<unknown> | undefined {
    const { counters, local, monitor, shared } = this.binding;
    const { call, flight } = landing;
    if (shared === undefined) return undefined;
    if (fill !== undefined) {
      return shared
        .fill(fill, sighting, () => !flight.fenced)
        .then((stored) => {
          if (stored !== false || flight.fenced) return;
          // Another process has declared it wrong meanwhile, or was first: what lies there is right, and this is not.
          counters.fenced++;
          monitor.degraded['fill-refused']++;
          local?.drop(call.key);
        });
    }
    // A result that must not be stored replaces the old one by nothing.
    if (!refreshing || sighting.seen === undefined || sighting.versions === undefined) return undefined;
    return shared.backend.deleteIfEqual(call.key, sighting.seen);
  }

  /** The value as it is now, where anybody needs it later: the local tier, or others who wait for this flight. */
  #snapshotFor(flight: Flight, value: unknown): Snapshot | undefined {
    const { local, policy, serializers } = this.binding;
    if (local?.backend.isolation === 'reference') return takeSnapshot(value, 'reference', serializers);
    const snapshot = takeSnapshot(value, 'copy', serializers, policy.serializer);
    flight.copy = () => snapshot.take();
    return snapshot;
  }

  #keep({ key, lane, place }: Call, snapshot: Snapshot, ttlMs: number, asynchronous: boolean): void {
    const { local, state } = this.binding;
    const shelf = lane === undefined ? undefined : { index: lane.index, place };
    local?.store({ key, snapshot, ttlMs, asynchronous, epoch: state.epoch, shelf });
  }

  #defaults(): Lifetimes {
    return { local: this.binding.local?.defaultTtl ?? 0, shared: this.binding.shared?.defaultTtl ?? 0 };
  }

  /** A value that cannot be copied, or a callback of the site that throws, must not become the caller's error. */
  #guard<T>(store: () => T): T | undefined {
    try {
      return store();
    } catch (error) {
      this.failed('encode', error);
      return undefined;
    }
  }
}
