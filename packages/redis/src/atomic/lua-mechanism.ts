import type { ClaimOutcome, ClaimRequest, CommitOutcome, Lease, SharedWrite } from 'recollect';
import { numberReply, OutOfStepError } from '../checked-reply.js';
import { bufferOf, bytesOf, lifeOf } from '../commands.js';
import { runScript } from '../run-script.js';
import type { Script } from '../scripts.js';
import type { Wire } from '../wire.js';
import { type ClaimKey, type ClaimKeys, claimKeys } from './claim-keys.js';
import { claimMark, letterOf, parseClaim } from './claim-text.js';
import { FENCE_LIFE_MS, leaseLife } from './lease-life.js';
import { CLAIM, CLAIM_ANSWERS, COMMIT, INVALIDATE, RELEASE, RENEW, SETTLE } from './lease-scripts.js';
import type { Mechanism } from './mechanism.js';
import type { News } from './news.js';

/** One script per operation, on a connection that others use as well. */
export class LuaMechanism implements Mechanism {
  readonly isolated = false;

  constructor(private readonly news: News) {}

  async claim(wire: Wire, request: ClaimRequest): Promise<ClaimOutcome> {
    const { key, mode, token, epoch, ignore, supersede = '' } = request;
    const isRemembered = mode === 'at_most_once';
    const args: (string | Buffer)[] = [
      letterOf(mode),
      token,
      epoch,
      leaseLife(isRemembered ? Math.max(request.retentionMs, request.leaseMs) : request.leaseMs),
      leaseLife(request.leaseMs),
      supersede,
      request.numbered ? String(FENCE_LIFE_MS) : '',
    ];
    if (ignore !== undefined) args.push(bufferOf(ignore));
    const keys = claimKeys(key);
    return outcomeOf(key, await runScript(wire, CLAIM, [...three(keys), keys.fence], args));
  }

  async renew(wire: Wire, lease: Lease, leaseMs: number): Promise<boolean> {
    const token = lease.mode === 'at_most_once' ? lease.token : '';
    const args = [claimMark(lease), leaseLife(leaseMs), token];
    return numberReply('EVALSHA', await runScript(wire, RENEW, three(claimKeys(lease.key)), args)) === 1;
  }

  async commit(wire: Wire, lease: Lease, { data, ttlMs }: SharedWrite): Promise<CommitOutcome> {
    const keys = claimKeys(lease.key);
    const args = [claimMark(lease), this.#channel(keys), bufferOf(data), lifeOf(ttlMs)];
    return (await this.#run(wire, COMMIT, three(keys), args)) === 1 ? 'stored' : 'lost';
  }

  async release(wire: Wire, lease: Lease): Promise<void> {
    const keys = claimKeys(lease.key);
    await this.#run(wire, RELEASE, three(keys), [claimMark(lease), this.#channel(keys)]);
  }

  async settle(wire: Wire, { key, data, ttlMs }: SharedWrite): Promise<void> {
    const keys = claimKeys(key);
    await this.#run(wire, SETTLE, three(keys), [this.#channel(keys), bufferOf(data), lifeOf(ttlMs)]);
  }

  async invalidate(wire: Wire, keys: readonly string[]): Promise<number> {
    const each = keys.map(claimKeys);
    return this.#run(wire, INVALIDATE, each.flatMap(three), each.map(this.#channel, this));
  }

  /** The first number of what a script answers; the second says whether the news were refused. */
  async #run(
    wire: Wire,
    script: Script,
    keys: readonly ClaimKey[],
    args: readonly (string | Buffer)[],
  ): Promise<number> {
    const reply = await runScript(wire, script, keys, args);
    if (!Array.isArray(reply) || reply.length !== 2) throw new OutOfStepError('EVALSHA', reply);
    const [answer, refused] = reply.map((each) => numberReply('EVALSHA', each)) as [number, number];
    if (refused === 1) this.news.refused(new Error('the server does not allow it'));
    return answer;
  }

  #channel({ channel }: ClaimKeys): string {
    return this.news.isPublished ? channel : '';
  }
}

function three({ record, lease, heartbeat }: ClaimKeys): ClaimKey[] {
  return [record, lease, heartbeat];
}

function outcomeOf(key: string, reply: unknown): ClaimOutcome {
  const [kind, blob, left] = Array.isArray(reply) ? reply : [];
  if (!Buffer.isBuffer(blob)) throw new OutOfStepError('EVALSHA', reply);
  if (kind === CLAIM_ANSWERS.stored) {
    const ttlMs = numberReply('EVALSHA', left);
    return {
      kind: 'stored',
      record: { data: bytesOf(blob), ttlMs: ttlMs < 0 ? Number.POSITIVE_INFINITY : ttlMs },
    };
  }
  const claim = parseClaim(blob.toString());
  if (kind === CLAIM_ANSWERS.granted) return { kind: 'granted', lease: { key, ...claim } };
  const { token, epoch } = claim;
  return { kind: kind === CLAIM_ANSWERS.abandoned ? 'abandoned' : 'busy', token, epoch };
}
