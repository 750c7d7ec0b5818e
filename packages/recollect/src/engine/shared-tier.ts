import { digest } from '../keys/digest.js';
import type { SerializationError } from '../model/errors.js';
import type { Monitor } from '../observe/monitor.js';
import type { SharedBackend, SharedRecord } from '../ports/shared-backend.js';
import type { Background } from '../resilience/background.js';
import type { Encoded } from '../serializers/serializer-set.js';
import type { Wire } from '../serializers/wire.js';
import { freshVersion, versionText } from './version-id.js';

/** What a value in the shared tier depends on and is checked against. */
export interface Provenance {
  /** The site's own version, part of the envelope. */
  readonly siteVersion: string;
  /** Keys of the version ids that must not have changed since before the value was loaded. */
  readonly versionKeys: readonly string[];
}

/** A value found, or the version ids to store the next one under (`undefined`: it must not be stored). */
export type Found =
  | { readonly hit: true; readonly value: unknown; readonly ttlMs: number }
  | {
      readonly hit: false;
      readonly versions: readonly string[] | undefined;
      readonly corrupt?: SerializationError;
    };

/** What is written under a key. */
export interface Fill {
  readonly key: string;
  readonly encoded: Encoded;
  readonly ttlMs: number;
  readonly siteVersion: string;
  readonly versions: readonly string[];
}

/** A shared backend together with envelopes, version ids and the order of writes against invalidations. */
export class SharedTier {
  /** The last write under way per key. What comes after waits for it, or it would land behind: writes, invalidations. */
  readonly #writing = new Map<string, Promise<unknown>>();

  constructor(
    readonly backend: SharedBackend,
    /** Life of a value whose site names none, in milliseconds. */
    readonly defaultTtl: number,
    private readonly wire: Wire,
    private readonly monitor: Monitor,
    private readonly background: Background,
  ) {}

  /** Values by key, in order, in one round trip. Rejects when the backend does. */
  async find(keys: readonly string[], provenance: Provenance): Promise<Found[]> {
    const records = await this.backend.read([...keys, ...provenance.versionKeys]);
    const versions = await this.#versions(provenance.versionKeys, records.slice(keys.length));
    return Promise.all(keys.map((key, at) => this.#open(key, records[at], provenance.siteVersion, versions)));
  }

  /** Current version ids; those that are missing are made. */
  async versions(versionKeys: readonly string[]): Promise<readonly string[]> {
    return this.#versions(versionKeys, await this.backend.read(versionKeys));
  }

  /** Stores values in one round trip. `still` is asked at the last moment: an entry it refuses is left out. */
  async write(fills: readonly Fill[], still: (fill: Fill) => boolean = () => true): Promise<boolean> {
    const before = fills.flatMap(({ key }) => this.#writing.get(key) ?? []);
    const work = this.#write(fills, still, before);
    for (const { key } of fills) this.#writing.set(key, work);
    try {
      return await work;
    } finally {
      for (const { key } of fills) if (this.#writing.get(key) === work) this.#writing.delete(key);
    }
  }

  /** Deletes values after all writes of them that have begun; false when the backend could not. */
  async remove(keys: readonly string[]): Promise<number | undefined> {
    await Promise.allSettled(keys.flatMap((key) => this.#writing.get(key) ?? []));
    return this.backend.delete(keys);
  }

  /** Gives the key a new version id, which makes every value stored under the old one a miss. O(1). */
  bump(versionKey: string): Promise<boolean> {
    return this.backend.write([{ key: versionKey, data: freshVersion(), ttlMs: Number.POSITIVE_INFINITY }]);
  }

  async #write(
    fills: readonly Fill[],
    still: (fill: Fill) => boolean,
    before: readonly Promise<unknown>[],
  ): Promise<boolean> {
    const sealed = await Promise.all(
      fills.map(({ key, encoded, ttlMs, siteVersion, versions }) =>
        this.wire.seal(encoded, { keyDigest: digest(key), siteVersion, ttlMs, versions }),
      ),
    );
    if (before.length > 0) await Promise.allSettled(before);
    const records = fills.flatMap((fill, at) =>
      still(fill) ? [{ key: fill.key, data: sealed[at] as Uint8Array, ttlMs: fill.ttlMs }] : [],
    );
    return records.length === 0 || this.backend.write(records);
  }

  async #versions(
    keys: readonly string[],
    records: readonly (SharedRecord | undefined)[],
  ): Promise<readonly string[]> {
    return Promise.all(
      keys.map(async (key, at) => {
        const data = records[at]?.data;
        // Put-if-absent: of several processes that find none, all go on with the same one.
        const known =
          data ?? (await this.backend.add({ key, data: freshVersion(), ttlMs: Number.POSITIVE_INFINITY }));
        return versionText(known);
      }),
    );
  }

  async #open(
    key: string,
    record: SharedRecord | undefined,
    siteVersion: string,
    versions: readonly string[],
  ): Promise<Found> {
    if (record === undefined) return { hit: false, versions };
    const opened = await this.wire.open(record.data, { keyDigest: digest(key), siteVersion });
    // Another release of the application wrote it and still reads it: neither delete nor overwrite.
    if (opened.kind === 'foreign') return { hit: false, versions: undefined };
    if (opened.kind === 'corrupt') {
      if (this.backend.corrupt === 'heal') this.#heal(key, record.data);
      return { hit: false, versions, corrupt: opened.error };
    }
    const current =
      opened.versions.length === versions.length && opened.versions.every((id, at) => id === versions[at]);
    return current ? { hit: true, value: opened.value, ttlMs: record.ttlMs } : { hit: false, versions };
  }

  /** Compare-and-delete: a good value that was written meanwhile survives. */
  #heal(key: string, data: Uint8Array): void {
    this.background.run(this.backend.deleteIfEqual(key, data), (error) =>
      this.monitor.failure({ operation: 'delete', error }),
    );
  }
}
