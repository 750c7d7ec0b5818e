import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { run } from '../run.mjs';
import { root } from '../workspace.mjs';

/** @typedef {import('../workspace.mjs').Package} Package */
/** @typedef {{ file: string, paths: string[], manifest: Record<string, any> }} Tarball */

/**
 * Packs one package as it would be published.
 *
 * @param {Package} workspacePackage
 * @param {string} destination an existing folder
 * @returns {Promise<Tarball>} `paths` relative to the folder of the package
 */
export async function pack({ folder, name }, destination) {
  const cwd = join(root, 'packages', folder);
  const { code, output } = await run('pnpm', ['pack', '--json', '--pack-destination', destination], { cwd });
  if (code !== 0) throw new Error(`pnpm pack failed in packages/${folder}\n${output}`);
  const file = join(destination, `${name.replace('@', '').replace('/', '-')}-${versionIn(output)}.tgz`);
  const tar = (/** @type {string[]} */ ...args) => execFileSync('tar', args, { encoding: 'utf8' });
  return {
    file,
    paths: tar('-tzf', file)
      .trim()
      .split('\n')
      .map((path) => path.replace('package/', '')),
    manifest: JSON.parse(tar('-xzOf', file, 'package/package.json')),
  };
}

/** @param {string} output what `pnpm pack --json` printed */
function versionIn(output) {
  return /"version":\s*"([^"]+)"/.exec(output)?.[1];
}
