import * as nodeDisk from 'node:fs/promises';
import type { BackendContext, SharedBackend, SharedRecord, SharedWrite, Tombstone } from 'recollect';
import { BackendError, CacheError } from 'recollect';
import { assemble, type Machinery } from './assemble.js';
import type { Disk } from './disk.js';
import type { FileSystemCacheOptions } from './options.js';
import { toPolicy } from './options.js';
import { openRoot } from './root-directory.js';

/** The world around the cache, for tests to put another in its place. */
export interface FileSystemCacheSurroundings {
  /** Default: `node:fs/promises`. */
  readonly disk?: Disk;
  /** The wall clock in milliseconds. Default: `Date.now`. */
  readonly now?: () => number;
}

/**
 * A shared tier in a directory: survives restarts, is safe with several processes on one machine, shows a record whole or
 * not at all, keeps within its bounds, and is not led outside the directory.
 *
 * - Reading and writing one key costs a handful of file operations, whatever the size of the directory; `scan` and `clear`
 *   open every record, a sweep looks at every file.
 * - What is corrupt is removed and reads as a miss. What another version of the file format wrote reads as a miss.
 * - Within one process the changes of a key take effect in the order they were asked for. Between processes the last
 *   rename wins.
 * - Nothing is synced to the disk: a power cut may cost records, never show wrong ones.
 * - Needs a file system that renames and links atomically: any local one of a Unix. Not meant for network shares.
 */
export class FileSystemCache implements SharedBackend {
  readonly kind: string = 'FileSystemCache';
  readonly corrupt = 'heal';
  readonly #parts: Machinery;
  readonly #context: BackendContext;
  readonly #sweepIntervalMs: number;
  readonly #underWay = new Set<Promise<unknown>>();
  #cancelSweep: (() => void) | undefined;
  #sweeping: Promise<void> | undefined;
  #closed = false;
  #stopped = false;

  /**
   * Makes the directory if it is missing; reads and writes nothing else yet.
   *
   * @throws ConfigurationError for options that cannot be meant and a directory that cannot be trusted.
   */
  constructor(
    options: FileSystemCacheOptions,
    context: BackendContext,
    surroundings: FileSystemCacheSurroundings = {},
  ) {
    const policy = toPolicy(options);
    openRoot(policy.directory);
    this.#context = context;
    this.#sweepIntervalMs = policy.sweepIntervalMs;
    this.#parts = assemble(policy, {
      disk: surroundings.disk ?? nodeDisk,
      now: surroundings.now ?? Date.now,
      monotonic: () => context.clock.now(),
      stopped: () => this.#stopped,
      failed: (error) => this.#report(error),
    });
  }

  read(keys: readonly string[]): Promise<readonly (SharedRecord | undefined)[]> {
    return this.#run('read', () => all(keys.map((key) => this.#parts.records.read(key))));
  }

  write(records: readonly SharedWrite[]): Promise<boolean> {
    // Their turns are taken in this order, so that of two records of one key the later one stays.
    return this.#run('write', () =>
      all(records.map((each) => this.#parts.records.write(each))).then(() => true),
    );
  }

  /**
   * In two steps: what is expected is removed, then the record is put where nothing is. Between the two another process that had
   * seen nothing may come first.
   */
  fill(record: SharedWrite, expected: Uint8Array | undefined): Promise<boolean> {
    const { records } = this.#parts;
    return this.#run('fill', async () => {
      if (expected !== undefined) await records.deleteIfEqual(record.key, expected);
      return Buffer.from(record.data).equals(await records.add(record));
    });
  }

  add(record: SharedWrite): Promise<Uint8Array> {
    return this.#run('add', () => this.#parts.records.add(record));
  }

  delete(keys: readonly string[], tombstone?: Tombstone): Promise<number> {
    const { layout, deletion, records } = this.#parts;
    const remove = async (key: string): Promise<boolean> => {
      if (tombstone === undefined) return deletion.of(layout.place(key));
      try {
        await records.write({ key, ...tombstone });
        return true;
      } catch {
        // A disk that is full takes in nothing, and lets go of what it has.
        return deletion.of(layout.place(key));
      }
    };
    return this.#run('delete', async () => (await all(keys.map(remove))).filter(Boolean).length);
  }

  deleteIfEqual(key: string, data: Uint8Array): Promise<boolean> {
    return this.#run('deleteIfEqual', () => this.#parts.records.deleteIfEqual(key, data));
  }

  /** Opens every record of the directory, a part of it at a time. */
  async *scan(prefix: string): AsyncGenerator<string, void, undefined> {
    const { keys } = this.#parts;
    for (const directory of await this.#run('scan', () => keys.directories())) {
      yield* await this.#run('scan', () => keys.startingWith(prefix, directory));
    }
  }

  /** Opens every record of the directory. */
  clear(prefix: string): Promise<number> {
    return this.#run('clear', () => this.#parts.keys.clear(prefix));
  }

  /** Waits for what is under way, then ends. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelSweep?.();
    await Promise.allSettled(this.#underWay);
    this.#stopped = true;
    await this.#sweeping;
  }

  async #run<Result>(operation: string, work: () => Promise<Result>): Promise<Result> {
    if (this.#closed) throw new BackendError(this.kind, operation, new Error('it is closed'));
    // With the first use, not the construction: a cache that is wired and never used costs nothing.
    this.#sweeping ??= this.#sweep();
    // Called at once, so that turns are taken in the order of the calls, and its throwing is a rejection.
    const running = (async () => work())();
    this.#underWay.add(running);
    try {
      return await running;
    } catch (error) {
      throw CacheError.is(error) ? error : new BackendError(this.kind, operation, error);
    } finally {
      this.#underWay.delete(running);
    }
  }

  async #sweep(): Promise<void> {
    try {
      await this.#parts.bounds.look();
    } catch (error) {
      this.#report(error);
    }
    if (this.#closed || this.#sweepIntervalMs === 0) return;
    this.#cancelSweep = this.#context.clock.after(this.#sweepIntervalMs, () => {
      this.#sweeping = this.#sweep();
    });
  }

  #report(error: unknown): void {
    this.#context.report({ operation: 'background', error: new BackendError(this.kind, 'sweep', error) });
  }
}

/** All results, once all have settled: nothing goes on behind the back of a caller who was told of a failure. */
async function all<Result>(work: readonly Promise<Result>[]): Promise<Result[]> {
  await Promise.allSettled(work);
  return Promise.all(work);
}
