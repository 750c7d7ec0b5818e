import { mayImport, rooms, withoutNode } from './layers.mjs';

/** @typedef {import('../workspace.mjs').Package} Package */
/** @typedef {import('dependency-cruiser').IForbiddenRuleType} Rule */

const literally = (/** @type {string} */ text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const anyOf = (/** @type {string[]} */ texts) => `(?:${texts.map(literally).join('|')})`;

/**
 * The rules on the import graph, in the form dependency-cruiser takes.
 *
 * @param {Package[]} packages
 * @returns {Rule[]}
 */
export function importRules(packages) {
  return [
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    ...roomRules(),
    ...packages.flatMap(packageRules),
    ...withoutNodeRules(),
    ...publicEntryRules(packages),
  ];
}

/** A room must not reach a later one, nor the doors of the package. @returns {Rule[]} */
function roomRules() {
  const source = '^packages/recollect/src/';
  return rooms.map((room, index) => {
    const later = rooms.slice(index + 1).map((name) => `${name}/`);
    return {
      name: `only-rooms-before-${room}`,
      severity: 'error',
      from: { path: `${source}${room}/` },
      to: { path: `${source}(?:${[...later, '[^/]+$'].join('|')})` },
    };
  });
}

/** @param {Package} workspacePackage @returns {Rule} */
function packageRules({ folder }) {
  const allowed = mayImport[folder];
  if (allowed === undefined) {
    throw new Error(`packages/${folder} has no row in scripts/structure/layers.mjs: say what it may import`);
  }
  return {
    name: `only-below-${folder}`,
    severity: 'error',
    from: { path: `^packages/${folder}/src/` },
    to: { path: '^packages/', pathNot: `^packages/${anyOf([folder, ...allowed])}/src/` },
  };
}

/** @returns {Rule[]} */
function withoutNodeRules() {
  return Object.entries(withoutNode).map(([folder, excepted]) => ({
    name: `no-node-in-${folder}`,
    severity: 'error',
    from: {
      path: `^packages/${folder}/src/`,
      ...(excepted.length > 0 && { pathNot: `^packages/${folder}/src/${anyOf(excepted)}$` }),
    },
    to: { dependencyTypes: ['core'] },
  }));
}

/**
 * From outside, only what `exports` of package.json names, and by its name.
 *
 * @param {Package[]} packages
 * @returns {Rule[]}
 */
function publicEntryRules(packages) {
  const doors = packages.flatMap((one) => one.entries.map((entry) => entry.source));
  const from = { path: '^packages/([^/]+)/' };
  const otherPackage = { path: '^packages/', pathNot: '^packages/$1/' };
  return [
    {
      name: 'only-public-entries',
      severity: 'error',
      from,
      to: { ...otherPackage, pathNot: ['^packages/$1/', `^${anyOf(doors)}$`] },
    },
    {
      name: 'other-packages-by-name',
      severity: 'error',
      from,
      to: { ...otherPackage, dependencyTypes: ['local'], dependencyTypesNot: ['aliased'] },
    },
  ];
}
