import type { ClaimOutcome, ClaimRequest, CommitOutcome, Lease, SharedWrite } from 'recollect';
import type { Access } from 'recollect/guard';
import { blobReply, OutOfStepError } from '../checked-reply.js';
import { bufferOf } from '../commands.js';
import type { Wire } from '../wire.js';
import { claimKeys } from './claim-keys.js';
import { claimMark } from './claim-text.js';
import type { Call, Mechanism } from './mechanism.js';

/** One operation of an atomic store, whatever the mechanism. */
export interface Operation<T> {
  /** Of one slot; at least one. */
  readonly keys: readonly string[];
  readonly access: Access;
  /** How much it carries, about. */
  readonly bytes: number;
  run(mechanism: Mechanism, wire: Wire, call: Call): Promise<T>;
  /** The same after a reply was lost, when it may have been done already. Absent: doing it twice changes nothing. */
  again?(mechanism: Mechanism, wire: Wire, call: Call): Promise<T>;
}

/** Asked again with the same token it answers the same. */
export function claiming(request: ClaimRequest): Operation<ClaimOutcome> {
  return {
    keys: [request.key],
    access: 'write',
    bytes: request.ignore?.byteLength ?? 0,
    run: (mechanism, wire, call) => mechanism.claim(wire, request, call),
  };
}

export function renewing(lease: Lease, leaseMs: number): Operation<boolean> {
  return {
    keys: [lease.key],
    access: 'write',
    bytes: 0,
    run: (mechanism, wire, call) => mechanism.renew(wire, lease, leaseMs, call),
  };
}

export function committing(lease: Lease, record: SharedWrite): Operation<CommitOutcome> {
  return {
    keys: [lease.key],
    access: 'write',
    bytes: record.data.byteLength,
    run: (mechanism, wire, call) => mechanism.commit(wire, lease, record, call),
    again: async (mechanism, wire, call) =>
      (await committed(wire, lease, record)) ?? mechanism.commit(wire, lease, record, call),
  };
}

// The next two are guarded like reads: a server that is full and takes in no data still deletes, and makes room by it.

export function releasing(lease: Lease): Operation<void> {
  return {
    keys: [lease.key],
    access: 'read',
    bytes: 0,
    run: (mechanism, wire, call) => mechanism.release(wire, lease, call),
  };
}

/** The keys are of one slot. */
export function invalidating(keys: readonly string[]): Operation<number> {
  return {
    keys,
    access: 'read',
    bytes: 0,
    run: (mechanism, wire, call) => mechanism.invalidate(wire, keys, call),
  };
}

export function settling(record: SharedWrite): Operation<void> {
  return {
    keys: [record.key],
    access: 'write',
    bytes: record.data.byteLength,
    run: (mechanism, wire, call) => mechanism.settle(wire, record, call),
  };
}

/** What has become of a commit, if anything: it stores and ends the lease in one step, so an intact lease means no. */
async function committed(wire: Wire, lease: Lease, record: SharedWrite): Promise<CommitOutcome | undefined> {
  const keys = claimKeys(lease.key);
  const reply = await wire.sendCommand(['MGET', keys.record, keys.lease]);
  if (!Array.isArray(reply) || reply.length !== 2) throw new OutOfStepError('MGET', reply);
  const [data, claim] = reply.map((each) => blobReply('MGET', each));
  if (claim?.toString().startsWith(claimMark(lease)) === true) return undefined;
  return data?.equals(bufferOf(record.data)) === true ? 'stored' : 'lost';
}
