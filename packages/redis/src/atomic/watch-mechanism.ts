import type { ClaimOutcome, ClaimRequest, Clock, CommitOutcome, Lease, SharedWrite } from 'recollect';
import { blobReply, numberReply } from '../checked-reply.js';
import { setOf } from '../commands.js';
import { repliedWith } from '../replied-with.js';
import type { Wire } from '../wire.js';
import { type ClaimKey, type ClaimKeys, claimKeys } from './claim-keys.js';
import { claimMark } from './claim-text.js';
import { ContentionError } from './contention-error.js';
import { leaseLife } from './lease-life.js';
import { answerOf, changesOf, leaseOf, lookAt } from './look.js';
import type { Call, Mechanism } from './mechanism.js';
import type { News } from './news.js';
import { type Command, transact } from './transact.js';

const MOST_ATTEMPTS = 5;
const LONGEST_PAUSE_MS = 16;

/**
 * WATCH, a look, and MULTI, on a connection of its own: without scripts, in two round trips. Values are read before MULTI
 * only, since node-redis decodes what is read inside of it as text. What is watched and not changed in the end is released by
 * whoever lends the connection.
 */
export class WatchMechanism implements Mechanism {
  readonly isolated = true;

  constructor(
    private readonly news: News,
    private readonly clock: Clock,
  ) {}

  claim(wire: Wire, request: ClaimRequest, call: Call): Promise<ClaimOutcome> {
    const keys = claimKeys(request.key);
    return this.#repeat(call, async () => {
      const look = await lookAt(wire, keys, request.numbered);
      const answer = answerOf(look, request);
      if (answer !== undefined) return answer;
      stopIfOver(call);
      const lease = leaseOf(look, request);
      return (await transact(wire, changesOf(keys, request, look, lease))) && { kind: 'granted', lease };
    });
  }

  renew(wire: Wire, lease: Lease, leaseMs: number, call: Call): Promise<boolean> {
    const keys = claimKeys(lease.key);
    const life = leaseLife(leaseMs);
    const change =
      lease.mode === 'at_most_once'
        ? ['SET', keys.heartbeat, lease.token, 'PX', life]
        : ['PEXPIRE', keys.lease, life];
    return this.#ifIntact(wire, keys, lease, call, () => [change]);
  }

  async commit(wire: Wire, lease: Lease, record: SharedWrite, call: Call): Promise<CommitOutcome> {
    const keys = claimKeys(lease.key);
    const changes = [setOf({ ...record, key: lease.key }), ending(keys)];
    const stored = await this.#withNews((told) =>
      this.#ifIntact(wire, keys, lease, call, () => [...changes, ...told([keys])]),
    );
    return stored ? 'stored' : 'lost';
  }

  async release(wire: Wire, lease: Lease, call: Call): Promise<void> {
    const keys = claimKeys(lease.key);
    await this.#withNews((told) =>
      this.#ifIntact(wire, keys, lease, call, () => [ending(keys), ...told([keys])]),
    );
  }

  async settle(wire: Wire, record: SharedWrite): Promise<void> {
    const keys = claimKeys(record.key);
    await this.#withNews((told) => transact(wire, [setOf(record), ending(keys), ...told([keys])]));
  }

  async invalidate(wire: Wire, keys: readonly string[]): Promise<number> {
    const each = keys.map(claimKeys);
    const ended = each.flatMap(({ lease, heartbeat }) => [lease, heartbeat]);
    return this.#withNews(async (told) => {
      try {
        const results = await transact(wire, [['UNLINK', ...keys], ['UNLINK', ...ended], ...told(each)]);
        return numberReply('UNLINK', results?.[0]);
      } catch (error) {
        if (!repliedWith(error, 'OOM')) throw error;
        return invalidateWithoutMulti(wire, keys, ended, told(each));
      }
    });
  }

  /** True when the changes were made, false when the lease is not there any more. */
  #ifIntact(
    wire: Wire,
    keys: ClaimKeys,
    lease: Lease,
    call: Call,
    changes: () => readonly Command[],
  ): Promise<boolean> {
    const mark = claimMark(lease);
    return this.#repeat(call, async () => {
      const sent = [wire.sendCommand(['WATCH', keys.lease]), wire.sendCommand(['GET', keys.lease])];
      const there = blobReply('GET', (await Promise.all(sent))[1]);
      if (there?.toString().startsWith(mark) !== true) return false;
      stopIfOver(call);
      return (await transact(wire, changes())) && true;
    });
  }

  /** Does it until it comes to something, which `undefined` is not. */
  async #repeat<T>(call: Call, attempt: () => Promise<T | undefined>): Promise<T> {
    for (let attempts = 1; ; attempts++) {
      const outcome = await attempt();
      if (outcome !== undefined) return outcome;
      if (attempts === MOST_ATTEMPTS) throw new ContentionError(attempts);
      const ceiling = Math.min(LONGEST_PAUSE_MS, 2 ** attempts);
      await new Promise<void>((resolve) => void this.clock.after(Math.random() * ceiling, resolve));
      stopIfOver(call);
    }
  }

  /**
   * Does it with the commands that tell of it. Refused, it is done without: was that the reason, nothing is told from now on.
   * An operation that was refused as a whole has changed nothing.
   */
  async #withNews<T>(work: (told: (keys: readonly ClaimKeys[]) => Command[]) => Promise<T>): Promise<T> {
    if (!this.news.isPublished) return work(() => []);
    try {
      return await work((keys) => keys.map(({ channel }) => ['PUBLISH', channel, '']));
    } catch (error) {
      if (!repliedWith(error, 'NOPERM', 'ERR unknown command')) throw error;
      const outcome = await work(() => []);
      this.news.refused(error);
      return outcome;
    }
  }
}

/**
 * A server that is full queues nothing in MULTI, and still does what needs no room. One UNLINK is one step by itself; only
 * the count comes from the step before.
 */
async function invalidateWithoutMulti(
  wire: Wire,
  keys: readonly string[],
  ended: readonly ClaimKey[],
  told: readonly Command[],
): Promise<number> {
  const commands: Command[] = [['EXISTS', ...new Set(keys)], ['UNLINK', ...keys, ...ended], ...told];
  const [count] = await Promise.all(commands.map((command) => wire.sendCommand(command)));
  return numberReply('EXISTS', count);
}

/** What ends a lease, whosever it is. */
function ending({ lease, heartbeat }: ClaimKeys): Command {
  return ['UNLINK', lease, heartbeat];
}

function stopIfOver(call: Call): void {
  if (call.isOver) throw new Error('nobody waits for it any more');
}
