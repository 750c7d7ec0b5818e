import type { Tombstone } from 'recollect';
import { unlinkBatch, writeRecords } from './commands.js';
import { repliedWith } from './replied-with.js';
import type { Wire } from './wire.js';

/** Puts the tombstone in the place of each record; a server that takes in no data, or none of ours, only deletes. */
export async function buryBatch(wire: Wire, keys: readonly string[], tombstone: Tombstone): Promise<number> {
  try {
    await writeRecords(
      wire,
      keys.map((key) => ({ key, ...tombstone })),
    );
    return keys.length;
  } catch (error) {
    if (!repliedWith(error, 'OOM', 'MISCONF', 'NOREPLICAS', 'NOPERM')) throw error;
    return unlinkBatch(wire, keys);
  }
}
