import type { AtomicStore, ClaimOutcome, ClaimRequest, CommitOutcome, Lease } from '../ports/atomic-store.js';
import type { SharedWrite } from '../ports/shared-backend.js';
import type { Meter } from './meter.js';

/** Leases of a shared tier, counted. */
export class MeteredStore implements Required<AtomicStore> {
  constructor(
    private readonly inner: AtomicStore,
    private readonly meter: Meter,
  ) {}

  claim(request: ClaimRequest): Promise<ClaimOutcome> {
    return this.meter.attempt(() => this.inner.claim(request));
  }

  renew(lease: Lease, leaseMs: number): Promise<boolean> {
    return this.meter.attempt(() => this.inner.renew(lease, leaseMs));
  }

  async commit(lease: Lease, record: SharedWrite): Promise<CommitOutcome> {
    const outcome = await this.meter.attempt(() => this.inner.commit(lease, record));
    if (outcome === 'stored') this.meter.wrote([record]);
    return outcome;
  }

  release(lease: Lease): Promise<void> {
    return this.meter.attempt(() => this.inner.release(lease));
  }

  async settle(record: SharedWrite): Promise<void> {
    await this.meter.attempt(() => this.inner.settle(record));
    this.meter.wrote([record]);
  }

  invalidate(keys: readonly string[]): Promise<number> {
    return this.meter.deletion(() => this.inner.invalidate(keys));
  }

  listen(key: string, listener: () => void): () => void {
    return this.inner.listen(key, listener);
  }

  close(): Promise<void> {
    return this.inner.close();
  }
}
