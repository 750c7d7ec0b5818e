import { ErrorReply } from '@redis/client';
import { OutOfStepError, okReply } from '../checked-reply.js';
import type { Wire } from '../wire.js';

export type Command = readonly (string | Buffer)[];

/** Connections on which MULTI is known to be accepted. */
const proven = new WeakSet<Wire>();

/**
 * Makes all changes in one step, on a connection of our own, unless something that is watched there was changed: then
 * `undefined`, and nothing is done. One round trip, but on a new connection: where MULTI is refused, each change behind it
 * would be made by itself.
 */
export async function transact(
  wire: Wire,
  changes: readonly Command[],
): Promise<readonly unknown[] | undefined> {
  const multi = wire.sendCommand(['MULTI']);
  if (!proven.has(wire)) {
    okReply('MULTI', await multi);
    proven.add(wire);
  }
  // The first to reject says why, EXEC only that something was wrong before.
  const sent = [...changes.map((change) => wire.sendCommand(change)), wire.sendCommand(['EXEC']), multi];
  const results: unknown = (await Promise.all(sent))[changes.length];
  if (results === null) return undefined;
  if (!Array.isArray(results) || results.length !== changes.length) throw new OutOfStepError('EXEC', results);
  const replies: readonly unknown[] = results;
  const failed = replies.find((reply) => reply instanceof ErrorReply);
  if (failed !== undefined) throw failed;
  return replies;
}
