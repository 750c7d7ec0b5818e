import { isPlain } from './plain-walk.js';
import { writeRich } from './rich-writer.js';

/**
 * How a value can be carried: `primitive` values need no copy, `json` is exact in JSON, `rich` needs superjson. See
 * `isPlain` for what JSON is exact for.
 */
export type Fidelity = 'json' | 'primitive' | 'rich';

/** True for values that nobody can change, symbols apart: those have no content that could be stored. */
export function isPrimitive(value: unknown): boolean {
  return (
    value === null || (typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'symbol')
  );
}

/** @throws SerializationError naming the way to the first part of the value that nothing can carry. O(n). */
export function fidelityOf(value: unknown): Fidelity {
  if (isPrimitive(value)) return 'primitive';
  if (isPlain(value)) return 'json';
  writeRich(value);
  return 'rich';
}
