import { ErrorReply } from '@redis/client';
import type { FaultKind } from 'recollect/guard';

/** How the errors of a server begin, by what they say about it. Whatever is in no row concerns its own command only. */
const SERVER_ERRORS: readonly (readonly [FaultKind, readonly string[]])[] = [
  [
    'unreachable',
    ['LOADING', 'MASTERDOWN', 'CLUSTERDOWN The', 'BUSY ', 'UNKILLABLE', 'ERR max number of clients'],
  ],
  ['write', ['OOM', 'MISCONF', 'NOREPLICAS', 'READONLY']],
  [
    'refused',
    ['NOAUTH', 'WRONGPASS', 'NOPERM', 'NOPROTO', 'DENIED', 'ERR unknown command', 'ERR invalid password'],
  ],
];

/**
 * What a failure says about the server: `unreachable`, takes no `write`, has `refused` us, or is about this `key` alone.
 * Every error of a server is of one class, so only the first words of its text can tell.
 */
export function faultOf(error: unknown): FaultKind {
  if (!(error instanceof ErrorReply)) return 'unreachable';
  const row = SERVER_ERRORS.find(([, starts]) => starts.some((start) => error.message.startsWith(start)));
  return row?.[0] ?? 'key';
}
