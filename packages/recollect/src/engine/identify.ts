import { type Place, rawPlace } from '../keys/argument-index.js';
import { canonicalArguments } from '../keys/canonical.js';
import { ConfigurationError, KeyError } from '../model/errors.js';
import type { Binding } from './binding.js';

/** The arguments that matter, by which the entry is found. */
export function keyParts({ name, policy }: Binding, args: readonly unknown[]): readonly unknown[] {
  const { key } = policy;
  if (key === undefined) return args;
  if (typeof key !== 'function') return key.map((position) => args[position]);
  const parts = key(...args);
  if (Array.isArray(parts)) return parts;
  throw new ConfigurationError(
    `${name}: key returned ${typeof parts}; accepted: an array of the parts that matter`,
  );
}

/** Where the index has the entry; `undefined` when the arguments are beyond the limits of a key. */
export function placeOf(binding: Binding, parts: readonly unknown[]): Place | undefined {
  return rawPlace(parts) ?? canonicalForm(binding, parts);
}

/**
 * The canonical form of the arguments; `undefined` when it is beyond the limits.
 * @throws KeyError naming the site and the argument that cannot be part of a key.
 */
export function canonicalForm({ name }: Binding, parts: readonly unknown[]): string | undefined {
  try {
    return canonicalArguments(parts);
  } catch (error) {
    if (error instanceof KeyError) throw new KeyError(`${name}: ${error.message}`, error.argument);
    throw error;
  }
}
