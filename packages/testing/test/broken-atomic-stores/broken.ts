import {
  type AtomicStoreTest,
  type FakeClock,
  MemoryAtomicStore,
  type MemoryAtomicStoreOptions,
  type MemoryRecord,
  MemorySharedBackend,
} from '@recollect/testing';
import type { AtomicStore, ClaimOutcome, ClaimRequest, Lease } from 'recollect';

/** What is wrong with a store: the operations put in the place of those of a sound one over the same records. */
export type Fault = (sound: MemoryAtomicStore, options: MemoryAtomicStoreOptions) => Partial<AtomicStore>;

/** Faults that a real store may have, each with the tests that must catch it. */
export type BrokenStores = readonly (readonly [
  name: string,
  fault: Fault,
  caughtBy: readonly AtomicStoreTest[],
])[];

/** A backend whose leases have the fault. */
export class BrokenBackend extends MemorySharedBackend {
  readonly #atomic: MemoryAtomicStore;

  constructor(fault: Fault, clock: FakeClock, records = new Map<string, MemoryRecord>()) {
    super({ clock, records });
    const options = { clock, records };
    const sound = new MemoryAtomicStore(options);
    this.#atomic = Object.assign(new MemoryAtomicStore(options), fault(sound, options));
  }

  override get atomic(): MemoryAtomicStore {
    return this.#atomic;
  }

  override async close(): Promise<void> {
    await super.close();
    await this.#atomic.close();
  }
}

/** A turn of the event loop in the middle of what should be one step. */
export const interruption = () => new Promise<void>((resolve) => setImmediate(resolve));

const OTHER = 'f'.repeat(32);
export const LONG = 1_000_000_000;

export const text = (data: Uint8Array) => Buffer.from(data).toString('utf8');

export const same = (one: Uint8Array, two: Uint8Array) => Buffer.compare(one, two) === 0;

/** What lies under the key at this moment. */
export function there({ records, clock }: MemoryAtomicStoreOptions, key: string): Uint8Array | undefined {
  const record = records.get(key);
  return record && record.expiresAt > clock.now() ? record.data : undefined;
}

/** Who has claimed the key, whatever lies there; it changes nothing. */
export async function holder(
  sound: MemoryAtomicStore,
  options: MemoryAtomicStoreOptions,
  key: string,
): Promise<(ClaimOutcome & { kind: 'busy' | 'abandoned' }) | undefined> {
  const outcome = await sound.claim({ ...probe, key, ignore: there(options, key) });
  if (outcome.kind === 'busy' || outcome.kind === 'abandoned') return outcome;
  if (outcome.kind === 'granted') await sound.release(outcome.lease);
  return undefined;
}

const probe = {
  mode: 'at_least_once',
  token: OTHER,
  epoch: '',
  leaseMs: 1,
  retentionMs: 1,
  supersede: undefined,
  numbered: false,
} as const;

/** Claims over the record and over whoever has claimed. */
export async function force(
  sound: MemoryAtomicStore,
  options: MemoryAtomicStoreOptions,
  request: ClaimRequest,
): Promise<ClaimOutcome> {
  const supersede = (await holder(sound, options, request.key))?.token;
  return sound.claim({ ...request, ignore: there(options, request.key), supersede });
}

/** A store that changes what it is asked for. */
export const asking =
  (change: (request: ClaimRequest) => Partial<ClaimRequest>): Fault =>
  (sound) => ({ claim: (request) => sound.claim({ ...request, ...change(request) }) });

/** A store that changes what it answers. */
export const answering =
  (change: (outcome: ClaimOutcome, request: ClaimRequest) => ClaimOutcome): Fault =>
  (sound) => ({ claim: async (request) => change(await sound.claim(request), request) });

/** Notes that all stores over the same records share. */
export function shared<T extends object>(make: () => T): (options: MemoryAtomicStoreOptions) => T {
  const made = new WeakMap<object, T>();
  return ({ records }) => {
    const known = made.get(records) ?? make();
    made.set(records, known);
    return known;
  };
}

export const isIntact = async (sound: MemoryAtomicStore, options: MemoryAtomicStoreOptions, lease: Lease) =>
  (await holder(sound, options, lease.key))?.token === lease.token;

export const stored = (data: Uint8Array): ClaimOutcome => ({
  kind: 'stored',
  record: { data: data.slice(), ttlMs: Number.POSITIVE_INFINITY },
});
