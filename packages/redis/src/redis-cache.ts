import {
  type BackendContext,
  BackendError,
  type SharedBackend,
  type SharedRecord,
  type SharedWrite,
} from 'recollect';
import type { Access } from 'recollect/guard';
import { numberReply } from './checked-reply.js';
import {
  addRecord,
  batches,
  bufferOf,
  readRecords,
  scanPage,
  unlinkBatch,
  writeRecords,
} from './commands.js';
import { GuardedConnection } from './guarded-connection.js';
import type { RedisCacheOptions } from './options.js';
import { redisTarget } from './redis-target.js';
import { repliedWith } from './replied-with.js';
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
  readonly #connection: GuardedConnection;
  readonly #context: BackendContext;
  #scriptIsRefused = false;

  /** @throws ConfigurationError for an option that cannot be meant. */
  constructor(options: RedisCacheOptions, context: BackendContext) {
    this.#connection = new GuardedConnection('RedisCache', redisTarget(options), options, context);
    this.#context = context;
  }

  /** One round trip. The life that is left is as exact as PTTL, 1 ms; a key of another type reads as missing. */
  async read(keys: readonly string[]): Promise<readonly (SharedRecord | undefined)[]> {
    return keys.length === 0 ? [] : this.#attempt('read', 'read', 0, (wire) => readRecords(wire, keys));
  }

  /** One round trip. A key of another type is replaced. */
  async write(records: readonly SharedWrite[]): Promise<boolean> {
    if (records.length === 0) return true;
    const bytes = records.reduce((sum, { data }) => sum + data.byteLength, 0);
    await this.#attempt('write', 'write', bytes, (wire) => writeRecords(wire, records));
    return true;
  }

  /** One round trip on Redis 7.0 or later. */
  async add(record: SharedWrite): Promise<Uint8Array> {
    return this.#attempt('add', 'write', record.data.byteLength, (wire) => addRecord(wire, record));
  }

  /** One round trip, with a deadline of its own, per 500 keys. */
  async delete(keys: readonly string[]): Promise<number> {
    let deleted = 0;
    for (const batch of batches(keys)) {
      // Guarded like a read: a server that is full and takes in no data still deletes, and makes room by it.
      deleted += await this.#attempt('delete', 'read', 0, (wire) => unlinkBatch(wire, batch));
    }
    return deleted;
  }

  /**
   * By a script. Where the server does not let us run scripts it deletes nothing, answers `false`, and says so once
   * through `BackendContext.report`.
   */
  async deleteIfEqual(key: string, data: Uint8Array): Promise<boolean> {
    return this.#attempt('deleteIfEqual', 'read', data.byteLength, async (wire) => {
      try {
        return numberReply('EVALSHA', await wire.compareAndDelete(key, bufferOf(data))) === 1;
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
    for await (const page of this.#pages('scan', prefix)) {
      for (const bytes of page) {
        const key = bytes.toString();
        if (seen.has(key)) continue;
        seen.add(key);
        yield key;
      }
    }
  }

  /** Walks over the whole database, 500 keys a step, and deletes as it goes. */
  async clear(prefix: string): Promise<number> {
    let deleted = 0;
    for await (const page of this.#pages('clear', prefix)) {
      for (const batch of batches(page))
        deleted += await this.#step('clear', (wire) => unlinkBatch(wire, batch));
    }
    return deleted;
  }

  /** Never not `ok`, since calls are answered without the server; `degraded` while it is not used as it should be. */
  health(): ReturnType<GuardedConnection['health']> {
    return this.#connection.health();
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  async *#pages(operation: string, prefix: string): AsyncGenerator<readonly Buffer[], void, undefined> {
    let cursor = '0';
    let first: Wire | undefined;
    do {
      const [next, keys] = await this.#step(operation, async (wire) => {
        // A cursor means nothing to another server process: going on there would skip keys without a word.
        first ??= wire;
        if (wire !== first) throw new Error('the connection was lost on the way');
        return scanPage(wire, cursor, prefix);
      });
      yield keys;
      cursor = next;
    } while (cursor !== '0');
  }

  async #attempt<T>(
    operation: string,
    access: Access,
    bytes: number,
    work: (wire: Wire) => Promise<T>,
  ): Promise<T> {
    try {
      return await this.#connection.run(access, bytes, work);
    } catch (error) {
      throw new BackendError(this.kind, operation, error);
    }
  }

  async #step<T>(operation: string, work: (wire: Wire) => Promise<T>): Promise<T> {
    try {
      return await this.#connection.step(work);
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
