import { ErrorReply } from '@redis/client';
import { type Address, addressIn } from '../address.js';

/** What a node of a cluster says instead of doing the work. */
export type Redirection =
  /** `moved`: the slot is the other's from now on. `ask`: this once, as the slot is on its way there. */
  | { readonly kind: 'moved' | 'ask'; readonly slot: number; readonly to: Address }
  /** The keys of the slot are partly here, partly there. */
  | { readonly kind: 'again' };

const MOVED_OR_ASK = /^(MOVED|ASK) (\d+) (\S*):(\d+)/;

/**
 * @param from Whose host is meant where the answer names none. A host `?` is one that the node itself does not know, and
 *   nobody can be sent there.
 */
export function redirectionIn(error: unknown, from: Address): Redirection | undefined {
  if (!(error instanceof ErrorReply)) return undefined;
  if (error.message.startsWith('TRYAGAIN')) return { kind: 'again' };
  const [, word, slot, host, port] = MOVED_OR_ASK.exec(error.message) ?? [];
  if (word === undefined || host === '?') return undefined;
  const to = addressIn(`${host === '' ? from.host : host}:${port}`);
  return to && { kind: word === 'MOVED' ? 'moved' : 'ask', slot: Number(slot), to };
}
