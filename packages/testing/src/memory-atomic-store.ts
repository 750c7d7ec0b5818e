import {
  type AtomicStore,
  BackendError,
  type ClaimOutcome,
  type ClaimRequest,
  type Clock,
  type CommitOutcome,
  ConfigurationError,
  type Lease,
  type SharedRecord,
  type SharedWrite,
} from 'recollect';
import { MemoryLeases } from './memory-leases.js';
import { type MemoryRecord, MemoryRecords } from './memory-records.js';

export interface MemoryAtomicStoreOptions {
  /** The store to work on. Leases are shared by all who work on the same one. */
  readonly records: Map<string, MemoryRecord>;
  /** By which records and leases run out. */
  readonly clock: Pick<Clock, 'now'>;
  /** The backend its errors name. Default `MemoryAtomicStore`. */
  readonly kind?: string;
}

/**
 * Leases for tests, in the memory of this process. Each operation is one step, done by the time it is called; listeners
 * are told before it resolves. Stricter than it must be: a request that another store might misread is a
 * ConfigurationError.
 */
export class MemoryAtomicStore implements AtomicStore {
  readonly kind: string;
  readonly #records: MemoryRecords;
  readonly #leases: MemoryLeases;
  readonly #listening = new Set<() => void>();
  #closed = false;

  constructor({ records, clock, kind = 'MemoryAtomicStore' }: MemoryAtomicStoreOptions) {
    this.kind = kind;
    this.#records = new MemoryRecords(records, clock);
    this.#leases = MemoryLeases.over(records);
  }

  get #now(): number {
    return this.#records.clock.now();
  }

  async read(keys: readonly string[], lives = keys.length): Promise<readonly (SharedRecord | undefined)[]> {
    this.#refuseIfClosed('read');
    return keys.map((key, at) => this.#records.copy(key, at < lives));
  }

  async add(record: SharedWrite): Promise<Uint8Array> {
    this.#refuseIfClosed('add');
    if (this.#records.live(record.key) === undefined) this.#records.put(record);
    return this.#records.copy(record.key)?.data ?? record.data.slice();
  }

  async claim(request: ClaimRequest): Promise<ClaimOutcome> {
    this.#refuseIfClosed('claim');
    checkRequest(request);
    const { key, token, ignore, supersede } = request;
    // The record before the claim: whoever committed and released in between has left an answer.
    const record = this.#records.copy(key);
    if (record !== undefined && !(ignore !== undefined && this.#records.holds(key, ignore)))
      return { kind: 'stored', record };
    const now = this.#now;
    const claim = this.#leases.claimOn(key, now);
    if (claim === undefined || claim.lease.token === supersede)
      return { kind: 'granted', lease: this.#leases.grant(request, now) };
    if (claim.lease.token === token) return { kind: 'granted', lease: claim.lease };
    const kind = claim.aliveUntil > now ? 'busy' : 'abandoned';
    return { kind, token: claim.lease.token, epoch: claim.lease.epoch };
  }

  async renew(lease: Lease, leaseMs: number): Promise<boolean> {
    this.#refuseIfClosed('renew');
    checkLife('leaseMs', leaseMs);
    const now = this.#now;
    const claim = this.#leases.intact(lease, now);
    if (claim !== undefined) this.#leases.prolong(claim, now + leaseMs);
    return claim !== undefined;
  }

  async commit(lease: Lease, record: SharedWrite): Promise<CommitOutcome> {
    this.#refuseIfClosed('commit');
    if (this.#leases.intact(lease, this.#now) === undefined) return 'lost';
    this.#records.put({ ...record, key: lease.key });
    this.#leases.end(lease.key);
    return 'stored';
  }

  async release(lease: Lease): Promise<void> {
    this.#refuseIfClosed('release');
    if (this.#leases.intact(lease, this.#now) !== undefined) this.#leases.end(lease.key);
  }

  async settle(record: SharedWrite): Promise<void> {
    this.#refuseIfClosed('settle');
    this.#records.put(record);
    this.#leases.end(record.key);
  }

  async invalidate(keys: readonly string[]): Promise<number> {
    this.#refuseIfClosed('invalidate');
    const count = this.#records.drop(keys);
    for (const key of keys) this.#leases.end(key);
    return count;
  }

  /** Once the store is closed, nobody is told any more. */
  listen(key: string, listener: () => void): () => void {
    if (this.#closed) return () => {};
    const stop = this.#leases.listen(key, listener);
    this.#listening.add(stop);
    return () => {
      this.#listening.delete(stop);
      stop();
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const stop of this.#listening) stop();
    this.#listening.clear();
  }

  #refuseIfClosed(operation: string): void {
    if (this.#closed) throw new BackendError(this.kind, operation, new Error('it is closed'));
  }
}

function checkRequest({ token, epoch, leaseMs, retentionMs }: ClaimRequest): void {
  if (!/^[0-9a-f]{32}$/i.test(token))
    throw new ConfigurationError(`token is '${token}'; it accepts 32 hex digits`);
  if (/\s/.test(epoch)) throw new ConfigurationError(`epoch is '${epoch}'; it accepts text without spaces`);
  checkLife('leaseMs', leaseMs);
  checkLife('retentionMs', retentionMs);
}

function checkLife(name: string, ms: number): void {
  if (!(Number.isInteger(ms) && ms >= 1))
    throw new ConfigurationError(`${name} is ${ms}; it accepts a whole number of milliseconds from 1`);
}
