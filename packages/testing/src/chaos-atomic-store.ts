import type {
  AtomicStore,
  ClaimOutcome,
  ClaimRequest,
  CommitOutcome,
  Lease,
  SharedRecord,
  SharedWrite,
} from 'recollect';
import type { ChaosRuns } from './chaos-runs.js';

/** Another store's leases, with faults where the script has them. What is listened for is passed on as it is. */
export class ChaosAtomicStore implements AtomicStore {
  readonly #inner: AtomicStore;
  readonly #runs: ChaosRuns;

  constructor(inner: AtomicStore, runs: ChaosRuns) {
    this.#inner = inner;
    this.#runs = runs;
  }

  read(keys: readonly string[], lives?: number): Promise<readonly (SharedRecord | undefined)[]> {
    return this.#runs.run('read', () => this.#inner.read(keys, lives));
  }

  add(record: SharedWrite): Promise<Uint8Array> {
    return this.#runs.run('add', () => this.#inner.add(record));
  }

  claim(request: ClaimRequest): Promise<ClaimOutcome> {
    return this.#runs.run('claim', () => this.#inner.claim(request));
  }

  renew(lease: Lease, leaseMs: number): Promise<boolean> {
    return this.#runs.run('renew', () => this.#inner.renew(lease, leaseMs));
  }

  commit(lease: Lease, record: SharedWrite): Promise<CommitOutcome> {
    return this.#runs.run('commit', () => this.#inner.commit(lease, record));
  }

  release(lease: Lease): Promise<void> {
    return this.#runs.run('release', () => this.#inner.release(lease));
  }

  settle(record: SharedWrite): Promise<void> {
    return this.#runs.run('settle', () => this.#inner.settle(record));
  }

  invalidate(keys: readonly string[]): Promise<number> {
    return this.#runs.run('invalidate', () => this.#inner.invalidate(keys));
  }

  listen(key: string, listener: () => void): () => void {
    return this.#inner.listen(key, listener);
  }

  close(): Promise<void> {
    this.#runs.end();
    return this.#inner.close();
  }
}
