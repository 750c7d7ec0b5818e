import type { ClaimOutcome, ClaimRequest, Lease } from 'recollect';
import { blobReply, numberReply, OutOfStepError } from '../checked-reply.js';
import { bytesOf } from '../commands.js';
import type { Wire } from '../wire.js';
import type { ClaimKeys } from './claim-keys.js';
import { type Claim, claimText, ForeignNoteError, parseClaim } from './claim-text.js';
import { FENCE_LIFE_MS, leaseLife } from './lease-life.js';
import type { Command } from './transact.js';

/** What lay under a key at one moment. */
export interface Look {
  readonly record: Buffer | undefined;
  /** As PTTL tells it. */
  readonly left: number;
  readonly claim: Claim | undefined;
  /** The token of whoever is alive. */
  readonly alive: string | undefined;
  /** The last number drawn; 0 where none was, or none is asked for. */
  readonly fence: number;
}

/**
 * Watches all that a claim depends on, then looks at it. A fence number never changes without the claim. The life comes
 * before the data, as in a read; a change between the two fails the transaction. MGET takes a value of another type for none.
 */
export async function lookAt(wire: Wire, keys: ClaimKeys, numbered: boolean): Promise<Look> {
  const { record, lease, heartbeat, fence } = keys;
  const numbers = numbered ? [fence] : [];
  const [, left, values] = await Promise.all([
    wire.sendCommand(['WATCH', record, lease]),
    wire.sendCommand(['PTTL', record]),
    wire.sendCommand(['MGET', record, lease, heartbeat, ...numbers]),
  ]);
  if (!Array.isArray(values) || values.length !== 3 + numbers.length)
    throw new OutOfStepError('MGET', values);
  const [data, claim, alive, last] = values.map((value) => blobReply('MGET', value) ?? undefined);
  return {
    record: data,
    left: numberReply('PTTL', left),
    claim: claim && parseClaim(claim.toString()),
    alive: alive?.toString(),
    fence: last === undefined ? 0 : numberOf(last),
  };
}

/** The answer, where no claim is to be made. A record about to expire (PTTL 0, or gone meanwhile) is none. */
export function answerOf(look: Look, request: ClaimRequest): ClaimOutcome | undefined {
  const { record, left, claim, alive } = look;
  const isIgnored = record !== undefined && request.ignore !== undefined && record.equals(request.ignore);
  if (record !== undefined && !isIgnored && (left > 0 || left === -1)) {
    const ttlMs = left === -1 ? Number.POSITIVE_INFINITY : left;
    return { kind: 'stored', record: { data: bytesOf(record), ttlMs } };
  }
  if (claim === undefined || claim.token === request.token || claim.token === request.supersede)
    return undefined;
  const { mode, token, epoch } = claim;
  return { kind: mode === 'at_most_once' && alive !== token ? 'abandoned' : 'busy', token, epoch };
}

/** The lease to be granted: one that was granted before, to the same token, or a new one. */
export function leaseOf(look: Look, { key, mode, token, epoch, numbered }: ClaimRequest): Lease {
  if (look.claim?.token === token) return { key, ...look.claim };
  return { key, mode, token, epoch, fence: numbered ? look.fence + 1 : undefined };
}

/** The changes that make the claim. */
export function changesOf(keys: ClaimKeys, request: ClaimRequest, look: Look, lease: Lease): Command[] {
  const { leaseMs, retentionMs } = request;
  const isRemembered = lease.mode === 'at_most_once';
  const life = leaseLife(isRemembered ? Math.max(retentionMs, leaseMs) : leaseMs);
  const changes: Command[] = [['SET', keys.lease, claimText(lease), 'PX', life]];
  if (isRemembered) changes.push(['SET', keys.heartbeat, lease.token, 'PX', leaseLife(leaseMs)]);
  if (lease.fence !== undefined && lease.fence > look.fence)
    changes.push(['SET', keys.fence, String(lease.fence), 'PX', String(FENCE_LIFE_MS)]);
  return changes;
}

function numberOf(blob: Buffer): number {
  const number = Number(blob.toString());
  if (Number.isSafeInteger(number)) return number;
  throw new ForeignNoteError('what lies in place of a fence number is none');
}
