import type { Failure } from '../ports/observer.js';
import type { Flight } from '../resilience/flights.js';
import { type Snapshot, takeSnapshot } from '../serializers/snapshot.js';
import type { Binding } from './binding.js';
import type { Call } from './call.js';
import { type Lifetimes, lifetimes, promotedLife } from './lifetimes.js';
import type { Found } from './shared-tier.js';

/** A result on its way from the method to those who wait for it. */
export interface Landing {
  readonly call: Call;
  readonly flight: Flight;
  readonly value: unknown;
  /** Whether the method promised it. */
  readonly asynchronous: boolean;
  /** Version ids from before the load began; `undefined` when the result must not go to the shared tier. */
  readonly versions: readonly string[] | undefined;
  /** An older value may lie in the shared tier: nobody has looked. */
  readonly refreshing: boolean;
}

/** Where a result went. */
interface Stored {
  readonly inLocal: boolean;
  /** The change in the shared tier, while it is under way. */
  readonly written: Promise<unknown> | undefined;
}

const NOWHERE: Stored = { inLocal: false, written: undefined };

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
    const { flight } = landing;
    flight.landed = true;
    let stored = NOWHERE;
    this.#guard(() => {
      stored = this.#store(landing);
    });
    const { background, flights } = this.binding;
    const { inLocal, written } = stored;
    const close = (): void => flights.close(flight);
    // Who does not find it in the local tier joins the flight until the write has landed, or would load again.
    if (written === undefined || inLocal) close();
    if (written !== undefined) background.run(written.finally(close), (error) => this.failed('write', error));
  }

  /** Counts and reports a degraded decision. */
  failed(operation: Failure['operation'], error: unknown): void {
    this.binding.counters.failures++;
    this.binding.monitor.failure({ operation, site: this.binding.name, error });
  }

  #store({ call, flight, value, asynchronous, versions, refreshing }: Landing): Stored {
    const { counters, local, policy, serializers, shared } = this.binding;
    const snapshot = this.#snapshotFor(flight, value);
    if (flight.fenced) {
      counters.fenced++;
      return NOWHERE;
    }
    const life = lifetimes(policy, this.#defaults(), value, call.args);
    if (local !== undefined && snapshot !== undefined) this.#keep(call, snapshot, life.local, asynchronous);
    const inLocal = local !== undefined && life.local > 0;
    if (shared === undefined || versions === undefined) return { inLocal, written: undefined };
    // A result that must not be stored replaces the old one by nothing.
    if (life.shared === 0) return { inLocal, written: refreshing ? shared.remove([call.key]) : undefined };
    // Encoded now: from the next moment on the value belongs to the caller, who may change it.
    const encoded = snapshot?.encoded ?? serializers.encode(value, policy.serializer);
    const fill = { key: call.key, encoded, ttlMs: life.shared, siteVersion: policy.version, versions };
    return { inLocal, written: shared.write([fill], () => !flight.fenced) };
  }

  /** The value as it is now, where anybody needs it later: the local tier, or others who wait for this flight. */
  #snapshotFor(flight: Flight, value: unknown): Snapshot | undefined {
    const { local, policy, serializers } = this.binding;
    const lingers = local === undefined;
    if (!lingers && local.backend.isolation === 'reference') {
      return takeSnapshot(value, 'reference', serializers);
    }
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
  #guard(store: () => void): void {
    try {
      store();
    } catch (error) {
      this.failed('encode', error);
    }
  }
}
