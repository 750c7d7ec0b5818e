import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../workspace.mjs';

/** @typedef {import('../workspace.mjs').Package} Package */
/** @typedef {import('./pack.mjs').Tarball} Tarball */

const belongs = [
  /^package\.json$/,
  /^(?:README|CHANGELOG)\.md$/,
  /^LICENSE$/,
  /^src\/[^.]+(?:\.[a-z]+)?\.ts$/,
  /^dist\/[^.]+(?:\.[a-z]+)?\.(?:js|d\.ts)(?:\.map)?$/,
];
const neverBelongs = /(?:^|\/)(?:tests?|__tests__|fixtures)\/|\.test\.|\.tsbuildinfo$/;

/**
 * What must not be in a published tarball.
 *
 * @param {Package} workspacePackage
 * @param {Tarball} tarball
 * @returns {string[]} findings
 */
export function checkTarball({ folder, name }, { paths, manifest }) {
  const stray = paths.filter(
    (path) => neverBelongs.test(path) || !belongs.some((pattern) => pattern.test(path)),
  );
  const stale = paths.filter((path) => {
    const source = /^dist\/(.+?)\.(?:d\.ts|js)(?:\.map)?$/.exec(path)?.[1];
    return source !== undefined && !existsSync(join(root, 'packages', folder, 'src', `${source}.ts`));
  });
  return [
    ...stray.map((path) => `${name}: stray file ${path}`),
    ...stale.map((path) => `${name}: ${path} has no source`),
    ...Object.entries(manifest.dependencies ?? {}).flatMap(([dependency, range]) =>
      checkRange(name, dependency, range),
    ),
  ];
}

/**
 * An exact version would force a second copy on every user who has another one; a protocol nobody can install.
 *
 * @param {string} name @param {string} dependency @param {string} range
 */
function checkRange(name, dependency, range) {
  return /^[\^~>]/.test(range)
    ? []
    : [`${name}: ${dependency} is published as "${range}", a range is wanted`];
}
