/**
 * Runs the whole suite under other majors of Node, on the same node_modules: `node scripts/test-on-node.mjs 20 22 24`.
 * Exit code 1 if one of them fails.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.mjs';
import { root } from './workspace.mjs';

const majors = process.argv.slice(2);
if (majors.length === 0 || majors.some((major) => !/^\d+$/.test(major))) {
  throw new Error(`majors of Node wanted, such as "20 22 24"; got "${majors.join(' ')}"`);
}
const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const rows = [];
// One after the other: two suites at once would share ports, caches and cores.
for (const major of majors) rows.push(await suiteUnder(major));

for (const { ok, output } of rows) if (!ok) console.error(output);
console.table(
  Object.fromEntries(
    rows.map(({ version, ok, suites, tests, seconds }) => [version, { ok, suites, tests, seconds }]),
  ),
);
process.exitCode = rows.every(({ ok }) => ok) ? 0 : 1;

/** @param {string} major */
async function suiteUnder(major) {
  const withNode = ['--yes', '-p', `node@${major}`, '-p', packageManager];
  const { output: version } = await run('npx', [...withNode, 'node', '--version']);
  const start = performance.now();
  const { code, output } = await run('npx', [...withNode, 'pnpm', 'test']);
  return {
    version: /v\d+\.\d+\.\d+/.exec(version)?.[0] ?? major,
    ok: code === 0,
    suites: summaryIn(output, 'Test Suites'),
    tests: summaryIn(output, 'Tests'),
    seconds: Math.round((performance.now() - start) / 100) / 10,
    output,
  };
}

/** @param {string} output of jest @param {string} label @returns {string} such as "12 passed, 12 total" */
function summaryIn(output, label) {
  return new RegExp(`^${label}:\\s+(.+)$`, 'm').exec(output)?.[1] ?? 'no summary';
}
