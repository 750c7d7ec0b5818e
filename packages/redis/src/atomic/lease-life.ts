import { lifeOf } from '../commands.js';

/** A fence number is forgotten when none was drawn for so long. */
export const FENCE_LIFE_MS = 30 * 24 * 3_600_000;

/** Whatever else is wrong, a claim comes to an end: where it should have none, after as long as Redis can count. */
const ENDLESS = String(2 ** 52);

/** The life of a claim or of a heartbeat, as PX takes it. */
export function leaseLife(ms: number): string {
  return lifeOf(ms) || ENDLESS;
}
