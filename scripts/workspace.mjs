import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root folder of the repository. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * @typedef {object} Entry One door of a package: what `import '<specifier>'` reaches.
 * @property {string} specifier as a user writes it
 * @property {string} source repository path of the TypeScript file behind it
 * @property {string} script repository path of the built module
 * @property {string} types repository path of the built declarations
 */

/**
 * @typedef {object} Package
 * @property {string} folder name of the folder below packages/
 * @property {string} name
 * @property {boolean} isPublic
 * @property {boolean} hasSources
 * @property {Entry[]} entries
 */

/** @returns {Package[]} every folder of packages/ that has a package.json, in alphabetical order */
export function readPackages() {
  return readdirSync(join(root, 'packages'))
    .filter((folder) => existsSync(join(root, 'packages', folder, 'package.json')))
    .sort()
    .map(readPackage);
}

/** @param {string} folder @returns {Package} */
function readPackage(folder) {
  const manifest = JSON.parse(readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8'));
  const doors = Object.entries(manifest.exports ?? {}).filter(([, target]) => typeof target === 'object');
  return {
    folder,
    name: manifest.name,
    isPublic: manifest.private !== true,
    hasSources: existsSync(join(root, 'packages', folder, 'src')),
    entries: doors.map(([subpath, target]) => readEntry(folder, manifest.name, subpath, target)),
  };
}

/**
 * @param {string} folder @param {string} name @param {string} subpath
 * @param {{ types: string, default: string }} target
 * @returns {Entry}
 */
function readEntry(folder, name, subpath, target) {
  const inPackage = (/** @type {string} */ path) => `packages/${folder}/${path.replace('./', '')}`;
  return {
    specifier: subpath === '.' ? name : `${name}/${subpath.slice(2)}`,
    source: inPackage(target.default).replace('/dist/', '/src/').replace(/\.js$/, '.ts'),
    script: inPackage(target.default),
    types: inPackage(target.types),
  };
}
