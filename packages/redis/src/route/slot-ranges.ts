import type { Address } from '../address.js';
import { OutOfStepError } from '../checked-reply.js';

/** Slots in a row, and who has them. */
export interface SlotRange {
  readonly first: number;
  readonly last: number;
  readonly master: Address;
  readonly replicas: readonly Address[];
}

/**
 * What CLUSTER SLOTS answers: `[first, last, master, …replicas]` for each range, a node being `[host, port, id, …]`.
 *
 * @param asked Whose host is meant where a node has none: one that does not know its own name.
 * @throws Error where no slot has a master: a node that is in no cluster, or not yet.
 */
export function slotRanges(reply: unknown, asked: Address): readonly SlotRange[] {
  if (!Array.isArray(reply)) throw new OutOfStepError('CLUSTER SLOTS', reply);
  const ranges = reply.flatMap((range: unknown): SlotRange[] => {
    if (!Array.isArray(range)) throw new OutOfStepError('CLUSTER SLOTS', range);
    const [first, last, ...nodes] = range as readonly unknown[];
    if (typeof first !== 'number' || typeof last !== 'number')
      throw new OutOfStepError('CLUSTER SLOTS', first);
    const [master, ...replicas] = nodes.map((node) => addressOf(node, asked));
    if (master === undefined) return [];
    return [{ first, last, master, replicas: replicas.filter((replica) => replica !== undefined) }];
  });
  if (ranges.length === 0) throw new Error('it knows of no slots');
  return ranges;
}

/** `undefined` for a node whose host is not known to the one that was asked. */
function addressOf(node: unknown, asked: Address): Address | undefined {
  const [host, port] = Array.isArray(node) ? (node as readonly unknown[]) : [];
  if (typeof port !== 'number') throw new OutOfStepError('CLUSTER SLOTS', node);
  if (host !== null && !Buffer.isBuffer(host)) throw new OutOfStepError('CLUSTER SLOTS', host);
  const name = host === null ? '' : host.toString();
  if (name === '?') return undefined;
  return { host: name === '' ? asked.host : name, port };
}
