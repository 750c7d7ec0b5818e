import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AtomicMode, AtomicStore, ClaimOutcome, ClaimRequest, Lease, SharedWrite } from 'recollect';
import type { ContractTest } from './contract-suite.js';
import { bytes, LONG, type SharedSubject } from './shared-subject.js';

/** A backend with leases under test; its peer is as another process. */
export interface AtomicSubject extends SharedSubject {
  /** The leases of the backend. */
  readonly store: AtomicStore;
  /** The leases of the peer. */
  readonly other: AtomicStore;
}

export type AtomicTest = ContractTest<AtomicSubject>;

export const MODES = ['at_least_once', 'at_most_once'] as const satisfies readonly AtomicMode[];

/** A lease that is waited out, in milliseconds: long enough for a slow store to do something under it. */
export const BRIEF = 300;

/** A lease that no test outlives, though it would if the store took milliseconds for microseconds. */
export const HELD = 30_000;

let drawn = 0;

/** A token that no other claim has, the same in every run. Digits first: one that is read as a number shows. */
export function token(): string {
  drawn += 1;
  return `${drawn}`.padStart(8, '0').padEnd(32, '0e1f');
}

export function asking(
  { at }: Pick<AtomicSubject, 'at'>,
  key: string,
  change: Partial<Omit<ClaimRequest, 'key'>> = {},
): ClaimRequest {
  return {
    key: at(key),
    mode: 'at_least_once',
    token: token(),
    epoch: 'epoch-1',
    leaseMs: HELD,
    retentionMs: LONG,
    ignore: undefined,
    supersede: undefined,
    numbered: false,
    ...change,
  };
}

export function writing(
  { at }: Pick<AtomicSubject, 'at'>,
  key: string,
  text: string,
  ttlMs = LONG,
): SharedWrite {
  return { key: at(key), data: bytes(text), ttlMs };
}

/** Claims through the store and must be granted. */
export async function grant(
  subject: AtomicSubject,
  key: string,
  change: Partial<Omit<ClaimRequest, 'key'>> = {},
  through: AtomicStore = subject.store,
): Promise<Lease> {
  return granted(await through.claim(asking(subject, key, change)), key);
}

export function granted(outcome: ClaimOutcome, what: string): Lease {
  if (outcome.kind !== 'granted') assert.fail(`the claim on '${what}' is ${outcome.kind} instead of granted`);
  return outcome.lease;
}

/** Asserts that the claim is refused, and on account of this lease. */
export function refused(
  outcome: ClaimOutcome,
  kind: 'busy' | 'abandoned',
  { token, epoch }: Pick<Lease, 'token' | 'epoch'>,
): void {
  assert.deepEqual({ ...outcome }, { kind, token, epoch });
}

/** What a claim of the peer on the key comes to; it leaves nothing behind. */
export async function state(
  subject: AtomicSubject,
  key: string,
  mode: AtomicMode = 'at_least_once',
): Promise<ClaimOutcome['kind']> {
  const outcome = await subject.other.claim(asking(subject, key, { mode }));
  if (outcome.kind === 'granted') await subject.other.release(outcome.lease);
  return outcome.kind;
}

/** Asserts that the lease counts: the key is taken by it, and it is still its holder's. */
export async function intact({ other, ...subject }: AtomicSubject, key: string, lease: Lease): Promise<void> {
  refused(await other.claim(asking(subject, key)), 'busy', lease);
}

/** Asserts that the lease is worth nothing any more, whatever is tried with it, and that this is all that happens. */
export async function broken(subject: AtomicSubject, key: string, lease: Lease): Promise<void> {
  const { store } = subject;
  const before = await subject.backend.read([lease.key]);
  assert.equal(await store.renew(lease, HELD), false, `renew of a broken lease on '${key}'`);
  assert.equal(await store.commit(lease, writing(subject, key, 'too late')), 'lost', `commit to '${key}'`);
  await store.release(lease);
  const data = (records: typeof before) => records.map((record) => record && Buffer.from(record.data));
  assert.deepEqual(data(await subject.backend.read([lease.key])), data(before), `the record of '${key}'`);
}

/** Lets a lease of `ms` run out, and asks until the store has noticed. */
export async function lapse(
  subject: AtomicSubject,
  ms: number,
  ask: () => Promise<ClaimOutcome>,
  isLate: (kind: ClaimOutcome['kind']) => boolean = (kind) => kind === 'busy',
): Promise<ClaimOutcome> {
  await subject.pass(ms);
  const giveUp = Date.now() + subject.patienceMs;
  for (let outcome = await ask(); ; outcome = await ask()) {
    if (!isLate(outcome.kind)) return outcome;
    assert.ok(
      Date.now() < giveUp,
      `a lease of ${ms} ms is still ${outcome.kind} ${subject.patienceMs} ms after its end`,
    );
    await sleep(5);
  }
}

/** The contenders take turns at the two stores, so that neither's own queue can make the race harmless. */
export function contend<T>(
  { store, other }: AtomicSubject,
  count: number,
  run: (through: AtomicStore, index: number) => Promise<T>,
): Promise<T[]> {
  return Promise.all(
    Array.from({ length: count }, (_, index) => run(index % 2 === 0 ? store : other, index)),
  );
}
