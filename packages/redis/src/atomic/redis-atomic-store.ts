import {
  type AtomicStore,
  type BackendContext,
  BackendError,
  type ClaimOutcome,
  type ClaimRequest,
  type CommitOutcome,
  ConfigurationError,
  type Lease,
  type SharedRecord,
  type SharedWrite,
} from 'recollect';
import { inRounds } from '../in-rounds.js';
import type { Route } from '../route/route.js';
import type { AtomicSettings } from './atomic-options.js';
import { claimKeys, refuseKey } from './claim-keys.js';
import { EvictionCheck } from './eviction-check.js';
import {
  claiming,
  committing,
  invalidating,
  type Operation,
  releasing,
  renewing,
  settling,
} from './operation.js';
import { Operations } from './operations.js';
import { Subscriptions } from './subscriptions.js';

/** What a store of leases is made of. */
interface Parts {
  /** The records that the leases are about. */
  readonly records: Pick<AtomicStore, 'read' | 'add'>;
  /** What errors call the backend. */
  readonly kind: () => string;
  readonly route: Route;
  readonly settings: AtomicSettings;
  readonly deadlineMs: number;
  readonly context: BackendContext;
}

/**
 * Leases in Redis, as text beside the record and in its slot. Nothing is connected before the first operation. Each
 * operation is over after twice the deadline, and after one where no reply was lost.
 */
export class RedisAtomicStore implements AtomicStore {
  readonly #records: Pick<AtomicStore, 'read' | 'add'>;
  readonly #kind: () => string;
  readonly #route: Route;
  readonly #operations: Operations;
  readonly #eviction: EvictionCheck | undefined;
  readonly #subscriptions: Subscriptions;
  #isClosed = false;

  constructor({ records, kind, route, settings, deadlineMs, context }: Parts) {
    this.#records = records;
    this.#kind = kind;
    this.#route = route;
    const operations = new Operations(kind, route, settings.mechanism, deadlineMs, context);
    this.#operations = operations;
    if (!settings.acceptEviction)
      this.#eviction = new EvictionCheck(kind, (key, work) => operations.ask(key, work), context);
    this.#subscriptions = new Subscriptions(kind, () => route.subscribeAt(), context);
  }

  read(keys: readonly string[], lives?: number): Promise<readonly (SharedRecord | undefined)[]> {
    return this.#records.read(keys, lives);
  }

  add(record: SharedWrite): Promise<Uint8Array> {
    return this.#records.add(record);
  }

  /** One round trip by a script, two without; one more per minute for `at_most_once`. */
  async claim(request: ClaimRequest): Promise<ClaimOutcome> {
    return this.#do('claim', claiming(request), request.mode === 'at_most_once' ? this.#eviction : undefined);
  }

  async renew(lease: Lease, leaseMs: number): Promise<boolean> {
    return this.#do('renew', renewing(lease, leaseMs));
  }

  async commit(lease: Lease, record: SharedWrite): Promise<CommitOutcome> {
    return this.#do('commit', committing(lease, record));
  }

  async release(lease: Lease): Promise<void> {
    return this.#do('release', releasing(lease));
  }

  async settle(record: SharedWrite): Promise<void> {
    return this.#do('settle', settling(record));
  }

  /** One round trip per 500 keys, in a cluster per slot, of which several are on their way at once. */
  async invalidate(keys: readonly string[]): Promise<number> {
    const groups = this.#route.together(keys).map((group) => group.map((at) => keys[at] as string));
    return inRounds(groups, (batch) => this.#do('invalidate', invalidating(batch)));
  }

  /** On one more connection, for all who listen, which keeps the process alive as long as anybody does. */
  listen(key: string, listener: () => void): () => void {
    return this.#subscriptions.listen(claimKeys(key).channel, listener);
  }

  /** Ends what is the store's own; the connections to send on are the backend's, and end with it. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#operations.close();
    this.#subscriptions.close();
  }

  async #do<T>(name: string, operation: Operation<T>, eviction?: EvictionCheck): Promise<T> {
    try {
      if (this.#isClosed) throw new Error('it is closed');
      for (const key of operation.keys) refuseKey(key);
      const looking = eviction?.check(operation.keys[0] as string);
      if (looking !== undefined) await looking;
      return await this.#operations.do(operation);
    } catch (error) {
      if (error instanceof ConfigurationError) throw error;
      throw new BackendError(this.#kind(), name, error);
    }
  }
}
