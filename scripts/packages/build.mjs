import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../run.mjs';
import { root } from '../workspace.mjs';

/** @typedef {import('../workspace.mjs').Package} Package */

/**
 * Builds from nothing: the compiler never deletes the output of a source that is gone, and a stale file would be packed.
 *
 * @param {Package[]} packages
 */
export async function buildFromNothing(packages) {
  for (const { folder } of packages)
    rmSync(join(root, 'packages', folder, 'dist'), { recursive: true, force: true });
  const { code, output } = await run('tsc', ['-b']);
  if (code !== 0) throw new Error(`tsc -b failed\n${output}`);
}
