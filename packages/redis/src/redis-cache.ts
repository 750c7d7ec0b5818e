import {
  type AtomicStore,
  type BackendContext,
  BackendError,
  type BackendHealth,
  type SharedBackend,
  type SharedRecord,
  type SharedWrite,
  type Tombstone,
} from 'recollect';
import type { Access } from 'recollect/guard';
import { atomicSettings } from './atomic/atomic-options.js';
import { noteOf, notesPrefix } from './atomic/claim-keys.js';
import { RedisAtomicStore } from './atomic/redis-atomic-store.js';
import { buryBatch } from './bury-batch.js';
import { addRecord, batches, deleteRecord, readRecords, unlinkBatch, writeRecords } from './commands.js';
import { Fills } from './fills.js';
import { deadlineOf } from './guarded-connection.js';
import { inRounds } from './in-rounds.js';
import type { RedisCacheOptions } from './options.js';
import { pagesOf } from './pages-of.js';
import { ReadBatch } from './read-batch.js';
import { repliedWith } from './replied-with.js';
import type { Route, Walk, Work } from './route/route.js';
import { routeFor } from './route/route-for.js';
import { tell } from './tell.js';
import type { Wire } from './wire.js';

const DEFAULT_IN_FLIGHT = 1_000;

/** Reads of one tick are one operation; so many times as many reads as operations may be under way. */
const READS_PER_OPERATION = 10;

/**
 * Redis or Valkey, version 6 or later, as the shared tier: one server, a master behind sentinels, or a cluster. The first
 * operation connects; an idle connection does not keep the process alive. While the server cannot be reached every operation
 * rejects at once, except those that wait for the very first attempt; whatever fails rejects with a `BackendError`.
 *
 * Open to extension: override what you need and register the class under a name of its own.
 */
export class RedisCache implements SharedBackend {
  readonly kind: string = 'RedisCache';
  readonly corrupt: 'raise' | 'heal' = 'raise';
  readonly #route: Route;
  readonly #context: BackendContext;
  readonly #reads: ReadBatch;
  readonly #makeAtomic: () => AtomicStore;
  #atomic: AtomicStore | undefined;
  readonly #fills: Fills;
  /** What cannot be done here, and was reported. */
  readonly #refusals = new Set<string>();

  /** @throws ConfigurationError for an option that cannot be meant. */
  constructor(options: RedisCacheOptions, context: BackendContext) {
    const route = routeFor('RedisCache', options, context);
    const settings = atomicSettings(options);
    this.#route = route;
    this.#context = context;
    this.#fills = new Fills(route, (error) => this.#reportRefusal('fill', error));
    this.#makeAtomic = () =>
      new RedisAtomicStore({
        records: this,
        kind: () => this.kind,
        route,
        settings,
        deadlineMs: deadlineOf(options),
        context,
      });
    this.#reads = new ReadBatch(
      (keys) => this.#route.together(keys),
      (keys, lives) => this.#attempt('read', keys, 'read', 0, (wire) => readRecords(wire, keys, lives)),
      READS_PER_OPERATION * (options.maxInFlight ?? DEFAULT_IN_FLIGHT),
    );
  }

  /** Leases, kept beside the records. Connects no earlier than its first operation, and rejects in every kind. */
  get atomic(): AtomicStore {
    this.#atomic ??= this.#makeAtomic();
    return this.#atomic;
  }

  /**
   * One round trip, together with all other reads of this tick: their data is shared, so do not change it. The life that
   * is left is as exact as PTTL, 1 ms; a key of another type reads as missing.
   */
  read(keys: readonly string[], lives: number = keys.length): Promise<readonly (SharedRecord | undefined)[]> {
    if (this.#reads.isFull)
      return this.#named('read', Promise.reject(new Error('too many reads are under way')));
    return this.#reads.read(keys, lives);
  }

  /** One round trip. A key of another type is replaced. */
  async write(records: readonly SharedWrite[]): Promise<boolean> {
    if (records.length === 0) return true;
    const writeGroup = (positions: readonly number[]): Promise<void> => {
      const group = positions.map((at) => records[at] as SharedWrite);
      const bytes = group.reduce((sum, { data }) => sum + data.byteLength, 0);
      return this.#attempt('write', keysOf(group), 'write', bytes, (wire) => writeRecords(wire, group));
    };
    await Promise.all(this.#route.together(keysOf(records)).map(writeGroup));
    return true;
  }

  /**
   * One round trip. By a script where there is something to compare; by WATCH, in two, where scripts are refused. Where both
   * are it stores nothing, answers `false`, and says so once through `BackendContext.report`.
   */
  async fill(record: SharedWrite, expected: Uint8Array | undefined): Promise<boolean> {
    return this.#named('fill', this.#fills.fill(record, expected));
  }

  /** One round trip on Redis 7.0 or later. */
  async add(record: SharedWrite): Promise<Uint8Array> {
    return this.#attempt('add', [record.key], 'write', record.data.byteLength, (wire) =>
      addRecord(wire, record),
    );
  }

  /** One round trip, with a deadline of its own, per 500 keys. */
  async delete(keys: readonly string[], tombstone?: Tombstone): Promise<number> {
    const groups = this.#route.together(keys).map((group) => group.map((at) => keys[at] as string));
    // Guarded like a read: a server that is full and takes in no data still deletes, and makes room by it.
    return inRounds(groups, (batch) =>
      this.#attempt('delete', batch, 'read', 0, (wire) =>
        tombstone === undefined ? unlinkBatch(wire, batch) : buryBatch(wire, batch, tombstone),
      ),
    );
  }

  /**
   * By a script. Where the server does not let us run scripts it deletes nothing, answers `false`, and says so once
   * through `BackendContext.report`.
   */
  async deleteIfEqual(key: string, data: Uint8Array): Promise<boolean> {
    return this.#attempt('deleteIfEqual', [key], 'read', data.byteLength, async (wire) => {
      try {
        return await deleteRecord(wire, key, data);
      } catch (error) {
        if (!repliedWith(error, 'NOPERM', 'ERR unknown command')) throw error;
        this.#reportRefusal('deleteIfEqual', error);
        return false;
      }
    });
  }

  /** Walks over the whole database, 500 keys a step; remembers every key it has found until the walk ends. */
  async *scan(prefix: string): AsyncGenerator<string, void, undefined> {
    const seen = new Set<string>();
    for (const walk of await this.#walks('scan')) {
      for await (const page of pagesOf(walk, prefix)) {
        for (const bytes of page) {
          const key = bytes.toString();
          if (noteOf(bytes) !== undefined || seen.has(key)) continue;
          seen.add(key);
          yield key;
        }
      }
    }
  }

  /**
   * Walks twice over the whole database, 500 keys a step, and deletes as it goes: first leases, so that no load that began
   * before stores behind it, then records. Fence numbers stay, since they only grow.
   */
  async clear(prefix: string): Promise<number> {
    let deleted = 0;
    for (const start of [notesPrefix(prefix), prefix]) {
      for (const walk of await this.#walks('clear')) {
        for await (const page of pagesOf(walk, start)) {
          await this.#unlink(
            walk,
            page.filter((key) => noteOf(key) === 'claim'),
          );
          if (start !== prefix) continue;
          deleted += await this.#unlink(
            walk,
            page.filter((key) => noteOf(key) === undefined),
          );
        }
      }
    }
    return deleted;
  }

  /** Never not `ok`, since calls are answered without the server; `degraded` while it is not used as it should be. */
  health(): BackendHealth {
    return this.#route.health();
  }

  close(): Promise<void> {
    this.#reads.send();
    void this.#atomic?.close();
    return this.#route.close();
  }

  /** As bytes, for not every key is text. */
  async #unlink(walk: Walk, keys: readonly Buffer[]): Promise<number> {
    if (keys.length === 0) return 0;
    const groups = this.#route.together(keys).flatMap((group) => [...batches(group)]);
    const unlink = (wire: Wire) =>
      Promise.all(
        groups.map((group) =>
          unlinkBatch(
            wire,
            group.map((at) => keys[at] as Buffer),
          ),
        ),
      );
    const counts = await walk.step(unlink);
    return counts.reduce((sum, count) => sum + count, 0);
  }

  async #walks(operation: string): Promise<readonly Walk[]> {
    const walks = await this.#named(operation, this.#route.walks());
    return walks.map((walk) => ({ step: (work) => this.#named(operation, walk.step(work)) }));
  }

  /** `keys` are of one group. */
  #attempt<T>(
    operation: string,
    keys: readonly string[],
    access: Access,
    bytes: number,
    work: Work<T>,
  ): Promise<T> {
    return this.#named(operation, this.#route.run(keys, access, bytes, work));
  }

  async #named<T>(operation: string, work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      throw new BackendError(this.kind, operation, error);
    }
  }

  #reportRefusal(method: 'fill' | 'deleteIfEqual', error: unknown): void {
    if (this.#refusals.has(method)) return;
    this.#refusals.add(method);
    const operation = method === 'fill' ? 'write' : 'delete';
    tell(this.#context, { operation, error: new BackendError(this.kind, method, error) });
  }
}

function keysOf(records: readonly SharedWrite[]): string[] {
  return records.map(({ key }) => key);
}
