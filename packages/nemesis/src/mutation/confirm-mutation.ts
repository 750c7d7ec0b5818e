import { MARK, MUTATION_VARIABLE } from './mutations.js';

/**
 * A guard that can pass in silence is worse than none.
 *
 * @throws Error when this process was to run under a mutation and does not.
 */
export function confirmMutation(): void {
  const { [MUTATION_VARIABLE]: wanted } = process.env;
  const found = (globalThis as { [mark: symbol]: unknown })[Symbol.for(MARK)];
  if (found !== wanted)
    throw new Error(`mutation '${wanted}': its file was not loaded (found: ${String(found)})`);
}
