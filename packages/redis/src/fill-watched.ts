import type { SharedWrite } from 'recollect';
import { transact } from './atomic/transact.js';
import { blobReply } from './checked-reply.js';
import { bufferOf, setOf } from './commands.js';
import { repliedWith } from './replied-with.js';
import type { Route } from './route/route.js';
import type { Wire } from './wire.js';

const MOST_ATTEMPTS = 5;

/**
 * Stores the record if the key holds nothing, or `expected`, without a script: WATCH and GET, then SET in a transaction. Two
 * round trips, and two more each time that somebody else changes the key in between.
 *
 * @returns `undefined` where transactions are refused as well.
 */
export function fillWatched(
  route: Route,
  record: SharedWrite,
  expected: Uint8Array,
): Promise<boolean | undefined> {
  const bytes = record.data.byteLength;
  return route.alone(record.key, 'write', bytes, async (wire) => {
    try {
      for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
        const outcome = await tryToFill(wire, record, bufferOf(expected));
        if (outcome !== undefined) return outcome;
      }
    } catch (error) {
      if (repliedWith(error, 'WRONGTYPE')) return false;
      if (repliedWith(error, 'NOPERM', 'ERR unknown command')) return undefined;
      throw error;
    }
    throw new Error(`others changed the key in all ${MOST_ATTEMPTS} attempts`);
  });
}

/** `undefined` when the key was changed in between, and may be again as it should be. */
async function tryToFill(wire: Wire, record: SharedWrite, expected: Buffer): Promise<boolean | undefined> {
  const watched = wire.sendCommand(['WATCH', record.key]);
  const [found] = await Promise.all([wire.sendCommand(['GET', record.key]), watched]);
  const there = blobReply('GET', found);
  // Whoever lends the connection ends the WATCH.
  if (there !== null && !there.equals(expected)) return false;
  return (await transact(wire, [setOf(record)])) && true;
}
