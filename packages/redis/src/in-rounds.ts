import { BATCH, batches } from './commands.js';

/**
 * Does the work on all groups of keys, in batches of 500 keys at most; on several batches at once as long as they have no
 * more than that together. All are tried, whatever becomes of the others, since they may lie on different servers.
 *
 * @returns the sum of what they come to, or rejects with the first failure when all are over.
 */
export async function inRounds<Key>(
  groups: readonly (readonly Key[])[],
  work: (batch: readonly Key[]) => Promise<number>,
): Promise<number> {
  const all = groups.flatMap((group) => [...batches(group)]);
  let sum = 0;
  const failures: unknown[] = [];
  for (let from = 0; from < all.length; ) {
    let end = from;
    for (let keys = 0; end < all.length; end++) {
      keys += all[end]?.length ?? 0;
      if (keys > BATCH && end > from) break;
    }
    for (const outcome of await Promise.allSettled(all.slice(from, end).map(work))) {
      if (outcome.status === 'fulfilled') sum += outcome.value;
      else failures.push(outcome.reason);
    }
    from = end;
  }
  if (failures.length > 0) throw failures[0];
  return sum;
}
