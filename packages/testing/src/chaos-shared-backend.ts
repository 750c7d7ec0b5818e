import type { AtomicMode, AtomicStore, SharedBackend, SharedRecord, SharedWrite, Tombstone } from 'recollect';
import { ChaosAtomicStore } from './chaos-atomic-store.js';
import { ChaosRuns, type ScriptedSharedFault, type SharedFault, type SharedOperation } from './chaos-runs.js';
import { FaultScript } from './fault-script.js';

/** Another shared backend, with faults where the script has them. */
export class ChaosSharedBackend implements SharedBackend {
  readonly kind: string;
  readonly corrupt: SharedBackend['corrupt'];
  /** What is going to go wrong, and how often each operation was called. */
  readonly script: FaultScript<SharedOperation, SharedFault>;
  /** That of the other backend, under the same script. Absent where that one has none. */
  readonly atomic?: AtomicStore;
  readonly atomicByDefault?: AtomicMode;
  readonly #inner: SharedBackend;
  readonly #runs: ChaosRuns;
  /** Apart from those of the backend, since its leases can be closed alone. */
  readonly #atomicRuns: ChaosRuns;

  constructor(inner: SharedBackend, faults: readonly ScriptedSharedFault[] = []) {
    this.kind = inner.kind;
    this.corrupt = inner.corrupt;
    this.script = new FaultScript(faults);
    this.#inner = inner;
    this.#runs = new ChaosRuns(this.kind, this.script);
    this.#atomicRuns = new ChaosRuns(this.kind, this.script);
    if (inner.atomic !== undefined) this.atomic = new ChaosAtomicStore(inner.atomic, this.#atomicRuns);
    if (inner.atomicByDefault !== undefined) this.atomicByDefault = inner.atomicByDefault;
  }

  read(keys: readonly string[], lives?: number): Promise<readonly (SharedRecord | undefined)[]> {
    return this.#runs.run('read', () => this.#inner.read(keys, lives));
  }

  write(records: readonly SharedWrite[]): Promise<boolean> {
    return this.#runs.run('write', () => this.#inner.write(records));
  }

  fill(record: SharedWrite, expected: Uint8Array | undefined): Promise<boolean | undefined> {
    return this.#runs.run('fill', () => this.#inner.fill(record, expected));
  }

  add(record: SharedWrite): Promise<Uint8Array> {
    return this.#runs.run('add', () => this.#inner.add(record));
  }

  delete(keys: readonly string[], tombstone?: Tombstone): Promise<number | undefined> {
    return this.#runs.run('delete', () => this.#inner.delete(keys, tombstone));
  }

  deleteIfEqual(key: string, data: Uint8Array): Promise<boolean> {
    return this.#runs.run('deleteIfEqual', () => this.#inner.deleteIfEqual(key, data));
  }

  async *scan(prefix: string): AsyncGenerator<string, void, undefined> {
    yield* await this.#runs.run('scan', async () => this.#inner.scan(prefix));
  }

  clear(prefix: string): Promise<number | undefined> {
    return this.#runs.run('clear', () => this.#inner.clear(prefix));
  }

  close(): Promise<void> {
    this.#runs.end();
    this.#atomicRuns.end();
    return this.#inner.close();
  }
}
