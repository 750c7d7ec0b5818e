import {
  type BackendContext,
  BackendError,
  type BackendHealth,
  type SharedBackend,
  type SharedRecord,
  type SharedWrite,
} from 'recollect';
import type { Access } from 'recollect/guard';
import {
  addRecord,
  batches,
  deleteRecord,
  fillRecord,
  readRecords,
  scanPage,
  unlinkBatch,
  writeRecords,
} from './commands.js';
import type { RedisCacheOptions } from './options.js';
import { redisTarget } from './redis-target.js';
import { repliedWith } from './replied-with.js';
import type { Route, Walk, Work } from './route/route.js';
import { StandaloneRoute } from './route/standalone-route.js';
import { tell } from './tell.js';
import type { Wire } from './wire.js';

/**
 * Redis or Valkey, one server of version 6 or later, as the shared tier. The first operation connects; an idle
 * connection does not keep the process alive. While the server cannot be reached every operation rejects at once, except
 * those that wait for the very first attempt; whatever fails rejects with a `BackendError`.
 *
 * Open to extension: override what you need and register the class under a name of its own.
 */
export class RedisCache implements SharedBackend {
  readonly kind: string = 'RedisCache';
  readonly corrupt: 'raise' | 'heal' = 'raise';
  readonly #route: Route;
  readonly #context: BackendContext;
  #scriptIsRefused = false;

  /** @throws ConfigurationError for an option that cannot be meant. */
  constructor(options: RedisCacheOptions, context: BackendContext) {
    this.#route = new StandaloneRoute('RedisCache', redisTarget(options), options, context);
    this.#context = context;
  }

  /** One round trip. The life that is left is as exact as PTTL, 1 ms; a key of another type reads as missing. */
  async read(
    keys: readonly string[],
    lives: number = keys.length,
  ): Promise<readonly (SharedRecord | undefined)[]> {
    const records: (SharedRecord | undefined)[] = keys.map(() => undefined);
    const readGroup = async (positions: readonly number[]): Promise<void> => {
      const group = positions.map((at) => keys[at] as string);
      // Positions ascend, so those whose life is wanted come first here as well.
      const wanted = positions.filter((at) => at < lives).length;
      const found = await this.#attempt('read', group, 'read', 0, (wire) => readRecords(wire, group, wanted));
      for (const [index, at] of positions.entries()) records[at] = found[index];
    };
    if (keys.length > 0) await Promise.all(this.#route.together(keys).map(readGroup));
    return records;
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

  /** One round trip. By a script where there is something to compare. */
  async fill(record: SharedWrite, expected: Uint8Array | undefined): Promise<boolean> {
    const bytes = record.data.byteLength + (expected?.byteLength ?? 0);
    return this.#attempt('fill', [record.key], 'write', bytes, (wire) => fillRecord(wire, record, expected));
  }

  /** One round trip on Redis 7.0 or later. */
  async add(record: SharedWrite): Promise<Uint8Array> {
    return this.#attempt('add', [record.key], 'write', record.data.byteLength, (wire) =>
      addRecord(wire, record),
    );
  }

  /** One round trip, with a deadline of its own, per 500 keys. */
  async delete(keys: readonly string[]): Promise<number> {
    let deleted = 0;
    for (const positions of this.#route.together(keys)) {
      for (const batch of batches(positions.map((at) => keys[at] as string))) {
        // Guarded like a read: a server that is full and takes in no data still deletes, and makes room by it.
        deleted += await this.#attempt('delete', batch, 'read', 0, (wire) => unlinkBatch(wire, batch));
      }
    }
    return deleted;
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
        this.#reportRefusedScript(error);
        return false;
      }
    });
  }

  /** Walks over the whole database, 500 keys a step; remembers every key it has found until the walk ends. */
  async *scan(prefix: string): AsyncGenerator<string, void, undefined> {
    const seen = new Set<string>();
    for (const walk of await this.#walks('scan')) {
      for await (const page of this.#pagesOf(walk, 'scan', prefix)) {
        for (const bytes of page) {
          const key = bytes.toString();
          if (seen.has(key)) continue;
          seen.add(key);
          yield key;
        }
      }
    }
  }

  /** Walks over the whole database, 500 keys a step, and deletes as it goes. */
  async clear(prefix: string): Promise<number> {
    let deleted = 0;
    for (const walk of await this.#walks('clear')) {
      for await (const page of this.#pagesOf(walk, 'clear', prefix)) {
        // As bytes, for not every key is text.
        const groups = this.#route.together(page.map(String)).flatMap((group) => [...batches(group)]);
        const unlink = (wire: Wire) =>
          Promise.all(
            groups.map((group) =>
              unlinkBatch(
                wire,
                group.map((at) => page[at] as Buffer),
              ),
            ),
          );
        for (const count of await this.#named('clear', walk.step(unlink))) deleted += count;
      }
    }
    return deleted;
  }

  /** Never not `ok`, since calls are answered without the server; `degraded` while it is not used as it should be. */
  health(): BackendHealth {
    return this.#route.health();
  }

  close(): Promise<void> {
    return this.#route.close();
  }

  async *#pagesOf(
    walk: Walk,
    operation: string,
    prefix: string,
  ): AsyncGenerator<readonly Buffer[], void, undefined> {
    let cursor = '0';
    let first: Wire | undefined;
    do {
      const page = async (wire: Wire): Promise<[string, Buffer[]]> => {
        // A cursor means nothing to another server process: going on there would skip keys without a word.
        first ??= wire;
        if (wire !== first) throw new Error('the connection was lost on the way');
        return scanPage(wire, cursor, prefix);
      };
      const [next, keys] = await this.#named(operation, walk.step(page));
      yield keys;
      cursor = next;
    } while (cursor !== '0');
  }

  #walks(operation: string): Promise<readonly Walk[]> {
    return this.#named(operation, this.#route.walks());
  }

  /** `keys` are of one group. */
  #attempt<T>(
    operation: string,
    keys: readonly string[],
    access: Access,
    bytes: number,
    work: Work<T>,
  ): Promise<T> {
    return this.#named(operation, this.#route.run(keys[0] as string, access, bytes, work));
  }

  async #named<T>(operation: string, work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      throw new BackendError(this.kind, operation, error);
    }
  }

  #reportRefusedScript(error: unknown): void {
    if (this.#scriptIsRefused) return;
    this.#scriptIsRefused = true;
    tell(this.#context, { operation: 'delete', error: new BackendError(this.kind, 'deleteIfEqual', error) });
  }
}

function keysOf(records: readonly SharedWrite[]): string[] {
  return records.map(({ key }) => key);
}
