import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { root } from '../workspace.mjs';

/** @typedef {import('../workspace.mjs').Entry} Entry */

/**
 * What an entry costs an application that imports all of it: minified and gzipped bytes,
 * of our own files alone and with the third-party code they need.
 *
 * @param {Entry} entry
 */
export async function measureBundle({ script }) {
  const [own, whole] = await Promise.all([gzipped(script, 'external'), gzipped(script, 'bundle')]);
  return { own, whole };
}

/** @param {string} script @param {'external' | 'bundle'} packages */
async function gzipped(script, packages) {
  const result = await build({
    entryPoints: [join(root, script)],
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    target: 'es2022',
    packages,
    external: ['node:*', ...builtinModules],
  });
  return result.outputFiles.reduce(
    (sum, { contents }) => sum + gzipSync(contents, { level: 9 }).byteLength,
    0,
  );
}
