import { repliedWith } from './replied-with.js';
import type { Script } from './scripts.js';
import type { Wire } from './wire.js';

/** Runs the script by its digest; sends its text only to a server that does not know it (any more). */
export async function runScript(
  wire: Wire,
  script: Script,
  keys: readonly (string | Buffer)[],
  args: readonly (string | Buffer)[],
): Promise<unknown> {
  const rest = [String(keys.length), ...keys, ...args];
  try {
    return await wire.sendCommand(['EVALSHA', script.sha, ...rest]);
  } catch (error) {
    if (!repliedWith(error, 'NOSCRIPT')) throw error;
    return wire.sendCommand(['EVAL', script.text, ...rest]);
  }
}
