import { MemorySharedBackend, type SharedBackendTest } from '@recollect/testing';
import type { SharedRecord, SharedWrite } from 'recollect';

export type Broken = new (...given: ConstructorParameters<typeof MemorySharedBackend>) => MemorySharedBackend;

/** A turn of the event loop in the middle of what should be one step. */
export const interruption = () => new Promise<void>((resolve) => setImmediate(resolve));

export const text = (data: Uint8Array) => Buffer.from(data).toString('utf8');
const mapped = (records: readonly SharedWrite[], change: (record: SharedWrite) => Partial<SharedWrite>) =>
  records.map((record) => ({ ...record, ...change(record) }));

/** A backend that changes what is written on its way in, by `write` and by `add`. */
export const writing = (change: (record: SharedWrite) => Partial<SharedWrite>): Broken =>
  class extends MemorySharedBackend {
    override write(records: readonly SharedWrite[]) {
      return super.write(mapped(records, change));
    }
    override add(record: SharedWrite) {
      return super.add({ ...record, ...change(record) });
    }
  };

/** A backend that changes what is read on its way out. */
export const reading = (
  change: (
    records: readonly (SharedRecord | undefined)[],
    keys: readonly string[],
  ) => readonly (SharedRecord | undefined)[],
): Broken =>
  class extends MemorySharedBackend {
    override async read(keys: readonly string[]) {
      return change(await super.read(keys), keys);
    }
  };

/** A backend that takes one key for another. */
export const keying = (change: (key: string) => string): Broken =>
  class extends MemorySharedBackend {
    override read(keys: readonly string[]) {
      return super.read(keys.map(change));
    }
    override write(records: readonly SharedWrite[]) {
      return super.write(mapped(records, ({ key }) => ({ key: change(key) })));
    }
  };

export const scanning = (
  change: (keys: string[], prefix: string, all: readonly string[]) => Iterable<string>,
): Broken =>
  class extends MemorySharedBackend {
    override async *scan(prefix: string) {
      const found: string[] = [];
      for await (const key of super.scan(prefix)) found.push(key);
      yield* change(found, prefix, [...this.records.keys()]);
    }
  };

export const adding = (
  add: (backend: MemorySharedBackend, record: SharedWrite) => Promise<Uint8Array>,
): Broken =>
  class extends MemorySharedBackend {
    override add(record: SharedWrite) {
      return add(this, record);
    }
  };

export const comparing = (same: (stored: Uint8Array, data: Uint8Array) => boolean, missing = false): Broken =>
  class extends MemorySharedBackend {
    override async deleteIfEqual(key: string, data: Uint8Array) {
      const [record] = await this.read([key]);
      if (record === undefined) return missing;
      return same(record.data, data) && this.records.delete(key);
    }
  };

export const first = async (backend: MemorySharedBackend, key: string) => (await backend.read([key]))[0];

/** Faults that real backends have had, each with the tests that must catch it. */
export type BrokenBackends = readonly (readonly [
  fault: string,
  backend: Broken,
  caughtBy: readonly SharedBackendTest[],
])[];
