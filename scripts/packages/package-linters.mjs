import { readFileSync } from 'node:fs';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { run } from '../run.mjs';

/** @typedef {import('../workspace.mjs').Package} Package */
/** @typedef {import('./pack.mjs').Tarball} Tarball */

/**
 * What publint and are-the-types-wrong say about the packed files. Suggestions count as well.
 *
 * @param {Package} workspacePackage
 * @param {Tarball} tarball
 * @returns {Promise<string[]>} findings
 */
export async function lintTarball({ name }, { file }) {
  const [messages, types] = await Promise.all([
    publint({ pack: { tarball: bytesOf(file) } }),
    run('attw', [file, '--profile', 'esm-only', '--no-definitely-typed', '--format', 'ascii', '--no-color']),
  ]);
  const said = messages.messages.map(
    (message) => `${name}: publint: ${formatMessage(message, messages.pkg)}`,
  );
  return types.code === 0 ? said : [...said, `${name}: attw:\n${types.output}`];
}

/** @param {string} file @returns {ArrayBuffer} */
function bytesOf(file) {
  const bytes = readFileSync(file);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
}
