import { join } from 'node:path';
import { cruise } from 'dependency-cruiser';
import { root } from '../workspace.mjs';
import { importRules } from './import-rules.mjs';

/** @typedef {import('../workspace.mjs').Package} Package */

/**
 * Walks the imports of all package sources, `import type` included, and returns what breaks the rules.
 * Imports of our own packages are followed into their sources, so that nothing needs to be built
 * and a cycle through two packages is seen.
 *
 * @param {Package[]} packages
 * @returns {Promise<{ files: number, findings: string[] }>}
 */
export async function checkImportGraph(packages) {
  const result = await cruise(
    packages.map(({ folder }) => `packages/${folder}/src`),
    {
      baseDir: root,
      ruleSet: { forbidden: importRules(packages) },
      validate: true,
      tsPreCompilationDeps: true,
      doNotFollow: { path: ['node_modules', '/dist/'] },
    },
    {
      alias: sourceOfEntry(packages),
      conditionNames: ['types', 'import', 'default'],
      exportsFields: ['exports'],
    },
    { tsConfig: { options: { allowImportingTsExtensions: false } } },
  );
  const { modules, summary } = /** @type {import('dependency-cruiser').ICruiseResult} */ (result.output);
  return {
    files: modules.filter(({ source }) => /^packages\/[^/]+\/src\//.test(source)).length,
    findings: summary.violations.map(describe),
  };
}

/** @param {Package[]} packages */
function sourceOfEntry(packages) {
  const entries = packages.flatMap((one) => one.entries);
  return Object.fromEntries(entries.map(({ specifier, source }) => [`${specifier}$`, join(root, source)]));
}

/** @param {import('dependency-cruiser').IViolation} violation */
function describe({ rule, from, to, cycle }) {
  const path = cycle === undefined ? [to] : cycle.map((step) => step.name);
  return `${rule.name}: ${[from, ...path].join(' → ')}`;
}
