import type { LocalBackend, LocalEntry } from '../ports/local-backend.js';
import type { SharedBackend } from '../ports/shared-backend.js';
import type { SharedRecord, SharedWrite } from '../ports/shared-record.js';

/** The name that stands for "cache nothing", in either tier. */
export const NULL_CACHE = 'NullCache';

/**
 * Caches nothing. A runtime whose tiers are both `NullCache` does not even ask it: every call goes straight to the
 * method. As a backend it serves the manual operations and mixed configurations.
 */
export class NullCache implements LocalBackend {
  readonly kind: string = NULL_CACHE;
  readonly isolation = 'reference' as const;
  readonly size = 0;
  readonly bytes = 0;

  get(_key: string): undefined {
    return undefined;
  }

  set(entry: LocalEntry): void {
    entry.retire('evicted');
  }

  delete(_key: string): boolean {
    return false;
  }

  clear(): void {}

  keys(): IterableIterator<string> {
    return new Map<string, never>().keys();
  }
}

/** The null object of the shared tier. */
export class NullSharedCache implements SharedBackend {
  readonly kind: string = NULL_CACHE;
  readonly corrupt = 'heal' as const;

  async read(keys: readonly string[]): Promise<readonly (SharedRecord | undefined)[]> {
    return keys.map(() => undefined);
  }

  async write(_records: readonly SharedWrite[]): Promise<boolean> {
    return true;
  }

  async fill(_record: SharedWrite, _expected: Uint8Array | undefined): Promise<boolean> {
    return true;
  }

  async add(record: SharedWrite): Promise<Uint8Array> {
    return record.data;
  }

  async delete(_keys: readonly string[]): Promise<number> {
    return 0;
  }

  async deleteIfEqual(_key: string, _data: Uint8Array): Promise<boolean> {
    return false;
  }

  async *scan(_prefix: string): AsyncIterable<string> {}

  async clear(_prefix: string): Promise<number> {
    return 0;
  }

  async close(): Promise<void> {}
}
