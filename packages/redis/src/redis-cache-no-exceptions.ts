import type {
  AtomicStore,
  BackendContext,
  Failure,
  SharedBackend,
  SharedRecord,
  SharedWrite,
  Tombstone,
} from 'recollect';
import type { RedisCacheOptions } from './options.js';
import { RedisCache } from './redis-cache.js';
import { tell } from './tell.js';

/**
 * A `RedisCache` that never rejects: where that one would, this one answers as if nothing were stored and reports the
 * failure through `BackendContext.report`. Records that cannot be decoded are deleted.
 *
 * Open to extension: `class MyCache extends RedisCacheNoExceptions { override async read(keys) { … } }`.
 */
export class RedisCacheNoExceptions implements SharedBackend {
  readonly kind: string = 'RedisCacheNoExceptions';
  readonly corrupt: 'raise' | 'heal' = 'heal';
  readonly #redis: RedisCache;
  readonly #context: BackendContext;

  /** @throws ConfigurationError for an option that cannot be meant: the one thing it does not swallow. */
  constructor(options: RedisCacheOptions, context: BackendContext) {
    this.#redis = new RedisCache(options, context);
    this.#context = context;
  }

  /** The one part that rejects: what an operation on a lease came to must not be made up. */
  get atomic(): AtomicStore {
    return this.#redis.atomic;
  }

  /** All `undefined` on failure. */
  async read(keys: readonly string[], lives?: number): Promise<readonly (SharedRecord | undefined)[]> {
    return this.#orElse('read', this.#redis.read(keys, lives), () => keys.map(() => undefined));
  }

  /** `false` on failure, though some of them may be stored. */
  async write(records: readonly SharedWrite[]): Promise<boolean> {
    return this.#orElse('write', this.#redis.write(records), () => false);
  }

  /** `undefined` on failure. */
  async fill(record: SharedWrite, expected: Uint8Array | undefined): Promise<boolean | undefined> {
    return this.#orElse('write', this.#redis.fill(record, expected), () => undefined);
  }

  /** The record's own data on failure. */
  async add(record: SharedWrite): Promise<Uint8Array> {
    return this.#orElse('write', this.#redis.add(record), () => record.data);
  }

  /** `undefined` on failure, though some of them may be deleted. */
  async delete(keys: readonly string[], tombstone?: Tombstone): Promise<number | undefined> {
    return this.#orElse('delete', this.#redis.delete(keys, tombstone), () => undefined);
  }

  /** `false` on failure. */
  async deleteIfEqual(key: string, data: Uint8Array): Promise<boolean> {
    return this.#orElse('delete', this.#redis.deleteIfEqual(key, data), () => false);
  }

  /** Ends early on failure. */
  async *scan(prefix: string): AsyncGenerator<string, void, undefined> {
    try {
      for await (const key of this.#redis.scan(prefix)) yield key;
    } catch (error) {
      tell(this.#context, { operation: 'read', error });
    }
  }

  /** `undefined` on failure, though some of them may be deleted. */
  async clear(prefix: string): Promise<number | undefined> {
    return this.#orElse('delete', this.#redis.clear(prefix), () => undefined);
  }

  /** As of `RedisCache`. */
  health(): ReturnType<RedisCache['health']> {
    return this.#redis.health();
  }

  close(): Promise<void> {
    return this.#redis.close();
  }

  async #orElse<T>(operation: Failure['operation'], answer: Promise<T>, otherwise: () => T): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      tell(this.#context, { operation, error });
      return otherwise();
    }
  }
}
