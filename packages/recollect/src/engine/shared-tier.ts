import { digest } from '../keys/digest.js';
import type { Monitor } from '../observe/monitor.js';
import type { CommitOutcome, Lease } from '../ports/atomic-store.js';
import type { Clock } from '../ports/clock.js';
import type { SharedBackend } from '../ports/shared-backend.js';
import type { SharedRecord, SharedWrite } from '../ports/shared-record.js';
import type { Background } from '../resilience/background.js';
import type { Encoded } from '../serializers/serializer-set.js';
import type { Outgoing, Wire } from '../serializers/wire.js';
import { type Found, type Sighting, sameVersions } from './sighting.js';
import { freshTombstone, isTombstone } from './tombstone.js';
import { freshVersion, versionText } from './version-id.js';
import { WriteOrder } from './write-order.js';

/** What a value in the shared tier depends on and is checked against. */
export interface Provenance {
  /** The site's own version, part of the envelope. */
  readonly siteVersion: string;
  /** Keys of the version ids that must not have changed since before the value was loaded. */
  readonly versionKeys: readonly string[];
  /** What is found decides on a lease: a failure must show as one. */
  readonly leased?: boolean;
  /** A record that cannot be read is evidence of a run, and stays. */
  readonly keepCorrupt?: boolean;
}

/** What is written under a key. */
export interface Fill {
  readonly key: string;
  readonly encoded: Encoded;
  readonly ttlMs: number;
  readonly siteVersion: string;
  readonly versions: readonly string[];
}

/** What a shared tier is made of. */
export interface SharedTierParts {
  readonly backend: SharedBackend;
  /** Life of a value whose site names none, in milliseconds. */
  readonly defaultTtl: number;
  /** How long an invalidation is remembered there, in milliseconds. */
  readonly tombstoneTtl: number;
  readonly wire: Wire;
  readonly clock: Clock;
  readonly monitor: Monitor;
  readonly background: Background;
}

type RecordSource = Pick<SharedBackend, 'read' | 'add'>;

/** How many records are looked at together when keys are listed: their values come along. */
const READ_AT_ONCE = 64;

/** A clock may run a little faster or slower than the server's, and a fill takes its time on the way. */
const TOMBSTONE_SHARE = 0.9;

/** A shared backend together with envelopes, tombstones, version ids and the order of writes against invalidations. */
export class SharedTier {
  readonly backend: SharedBackend;
  readonly defaultTtl: number;
  readonly #parts: SharedTierParts;
  readonly #order = new WriteOrder();

  constructor(parts: SharedTierParts) {
    this.backend = parts.backend;
    this.defaultTtl = parts.defaultTtl;
    this.#parts = parts;
  }

  /**
   * Values by key, in order, in one round trip. Rejects when the backend does.
   *
   * @param lives Whether it matters how long they have left; else `ttlMs` is without an end.
   */
  async find(keys: readonly string[], provenance: Provenance, lives: boolean): Promise<Found[]> {
    const at = this.#parts.clock.now();
    const { leased = false, versionKeys } = provenance;
    const source = this.#source(leased);
    const records = await source.read([...keys, ...versionKeys], lives ? keys.length : 0);
    const versions = await this.#versions(source, versionKeys, records.slice(keys.length));
    return Promise.all(keys.map((key, index) => this.open(key, records[index], provenance, versions, at)));
  }

  /** What a record says under these version ids; `at` is when it was looked for. */
  async open(
    key: string,
    record: SharedRecord | undefined,
    { keepCorrupt, siteVersion }: Provenance,
    versions: readonly string[],
    at: number,
  ): Promise<Found> {
    const { shared } = this.#parts.monitor;
    shared.lookups++;
    const seen = record?.data;
    const miss: Found = { hit: false, versions, seen, at, corrupt: undefined };
    if (record === undefined || isTombstone(record.data)) return miss;
    const opened = await this.#parts.wire.open(record.data, { keyDigest: digest(key), siteVersion });
    // Another release of the application wrote it and still reads it: neither delete nor overwrite.
    if (opened.kind === 'foreign') return { ...miss, versions: undefined, corrupt: opened.error };
    if (opened.kind === 'corrupt') {
      if (this.backend.corrupt === 'heal' && keepCorrupt !== true) this.#heal(key, record.data);
      return { ...miss, corrupt: opened.error };
    }
    if (!sameVersions(opened.versions, versions)) return miss;
    shared.hits++;
    return { hit: true, versions, seen, at, value: opened.value, ttlMs: record.ttlMs };
  }

  /** The bytes of a value. @throws as `Wire.encode` does. */
  encode(value: unknown, serializerId: string | undefined, from: Outgoing): Encoded {
    return this.#parts.wire.encode(value, serializerId, from);
  }

  /** Current version ids; those that are missing are made. */
  async versions(versionKeys: readonly string[], leased: boolean): Promise<readonly string[]> {
    const source = this.#source(leased);
    return this.#versions(source, versionKeys, await source.read(versionKeys, 0));
  }

  /** Keys with the prefix under which more than a tombstone lies. */
  async *standingKeys(prefix: string): AsyncGenerator<string, void, undefined> {
    let batch: string[] = [];
    for await (const key of this.backend.scan(prefix)) {
      batch.push(key);
      if (batch.length < READ_AT_ONCE) continue;
      yield* await this.#standing(batch);
      batch = [];
    }
    if (batch.length > 0) yield* await this.#standing(batch);
  }

  /**
   * Stores what a load returned, if what was seen before it began still stands: false when something else is there, or when
   * the load took longer than an invalidation is remembered; `undefined` when the backend could not. `still` is asked at the
   * last moment.
   */
  fill(fill: Fill, sighting: Sighting, still: () => boolean): Promise<boolean | undefined> {
    const { clock, tombstoneTtl } = this.#parts;
    const inTime = (): boolean => clock.now() - sighting.at < tombstoneTtl * TOMBSTONE_SHARE;
    return this.#order.write([fill.key], async (before) => {
      const data = await this.#seal(fill, before);
      if (!still() || !inTime()) return false;
      return this.backend.fill({ key: fill.key, data, ttlMs: fill.ttlMs }, sighting.seen);
    });
  }

  /** Stores what a load returned under its lease, and ends that. */
  commit(fill: Fill, lease: Lease): Promise<CommitOutcome> {
    return this.#order.write([fill.key], async (before) => {
      const record = { key: fill.key, data: await this.#seal(fill, before), ttlMs: fill.ttlMs };
      // Without a look at what is there: the lease is what protects it.
      return this.backend.atomic === undefined ? 'lost' : this.backend.atomic.commit(lease, record);
    });
  }

  /**
   * Stores values whatever is there, in one round trip. `still` is asked at the last moment: an entry it refuses is left out.
   * With `leased` it also breaks the leases on their keys.
   */
  write(fills: readonly Fill[], still: (fill: Fill) => boolean, leased: boolean): Promise<boolean> {
    const keys = fills.map(({ key }) => key);
    return this.#order.write(keys, async (before) => {
      const sealed = await Promise.all(fills.map((fill) => this.#seal(fill, before)));
      const records = fills.flatMap(({ key, ttlMs }, at): SharedWrite[] =>
        still(fills[at] as Fill) ? [{ key, data: sealed[at] as Uint8Array, ttlMs }] : [],
      );
      const atomic = leased ? this.backend.atomic : undefined;
      if (atomic === undefined) return records.length === 0 || this.backend.write(records);
      await Promise.all(records.map((record) => atomic.settle(record)));
      return true;
    });
  }

  /**
   * Makes the values wrong after all writes of them that have begun; false when the backend could not. A tombstone takes the
   * place of each, so that no process fills in what it loaded before; or, with `leased`, the leases on the keys are broken.
   */
  async remove(keys: readonly string[], leased: boolean): Promise<boolean> {
    await this.#order.settled(keys);
    const atomic = leased ? this.backend.atomic : undefined;
    if (atomic !== undefined) {
      await atomic.invalidate(keys);
      return true;
    }
    const tombstone = { data: freshTombstone(), ttlMs: this.#parts.tombstoneTtl };
    return (await this.backend.delete(keys, tombstone)) !== undefined;
  }

  /** Gives the key a new version id, which makes every value stored under the old one a miss. O(1). */
  bump(versionKey: string): Promise<boolean> {
    return this.backend.write([{ key: versionKey, data: freshVersion(), ttlMs: Number.POSITIVE_INFINITY }]);
  }

  async #standing(keys: readonly string[]): Promise<string[]> {
    const records = await this.backend.read(keys, 0);
    return keys.filter((_, at) => {
      const record = records[at];
      return record !== undefined && !isTombstone(record.data);
    });
  }

  async #seal(fill: Fill, before: () => Promise<unknown>): Promise<Uint8Array> {
    const { encoded, key, siteVersion, ttlMs, versions } = fill;
    const meta = { keyDigest: digest(key), siteVersion, ttlMs, versions };
    const data = await this.#parts.wire.seal(encoded, meta);
    await before();
    return data;
  }

  #source(leased: boolean): RecordSource {
    return (leased ? this.backend.atomic : undefined) ?? this.backend;
  }

  async #versions(
    source: RecordSource,
    keys: readonly string[],
    records: readonly (SharedRecord | undefined)[],
  ): Promise<readonly string[]> {
    return Promise.all(
      keys.map(async (key, at) => {
        const data = records[at]?.data;
        // Put-if-absent: of several processes that find none, all go on with the same one.
        const known =
          data ?? (await source.add({ key, data: freshVersion(), ttlMs: Number.POSITIVE_INFINITY }));
        return versionText(known);
      }),
    );
  }

  /** Compare-and-delete: a good value that was written meanwhile survives. */
  #heal(key: string, data: Uint8Array): void {
    const { background, monitor } = this.#parts;
    background.run(this.backend.deleteIfEqual(key, data), (error) =>
      monitor.failure({ operation: 'delete', error }),
    );
  }
}
