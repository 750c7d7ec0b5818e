import { keySlot } from './key-slot.js';

/** Keys that lie in different slots of a cluster were named by one command. Nothing was sent. */
export class CrossSlotError extends Error {
  override readonly name = 'CrossSlotError';
}

/**
 * The one slot of all keys.
 *
 * @throws CrossSlotError naming two keys that lie apart.
 */
export function slotOfAll(keys: string | readonly string[]): number {
  if (typeof keys === 'string') return keySlot(keys);
  const [first = '', ...others] = keys;
  const slot = keySlot(first);
  for (const key of others) {
    const other = keySlot(key);
    if (other === slot) continue;
    const where = `${JSON.stringify(first)} lies in slot ${slot} and ${JSON.stringify(key)} in slot ${other}`;
    throw new CrossSlotError(
      `${where}: one command may name both only if the same text in braces is in each`,
    );
  }
  return slot;
}
