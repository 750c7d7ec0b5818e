/** Builds from nothing and checks what would be published. Exit code 1 on a finding. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildFromNothing } from './packages/build.mjs';
import { measureBundle } from './packages/bundle-size.mjs';
import { checkLoadsWithoutNode } from './packages/entry-graph.mjs';
import { pack } from './packages/pack.mjs';
import { lintTarball } from './packages/package-linters.mjs';
import { checkTarball } from './packages/tarball-rules.mjs';
import { withoutNode } from './structure/layers.mjs';
import { readPackages } from './workspace.mjs';

/** @typedef {import('./workspace.mjs').Package} Package */
/** @typedef {import('./workspace.mjs').Entry} Entry */

/** Minified and gzipped bytes of all that `import 'recollect'` needs. */
const bundleLimit = 48_000;

const packages = readPackages();
const allEntries = packages.flatMap(({ entries }) => entries);
const published = packages.filter(({ isPublic }) => isPublic);
const findings = /** @type {string[]} */ ([]);
const parcels = mkdtempSync(join(tmpdir(), 'recollect-pack-'));

try {
  await buildFromNothing(packages);
  for (const said of await Promise.all(published.map(checkPublished))) findings.push(...said);
  for (const one of packages.filter(({ folder }) => folder in withoutNode)) await checkEntries(one);
  await checkSize(allEntries.find(({ specifier }) => specifier === 'recollect'));
} finally {
  rmSync(parcels, { recursive: true, force: true });
}
for (const finding of findings) console.error(finding);
console.log(`packages: ${published.length} packed, ${findings.length} findings`);
process.exitCode = findings.length > 0 ? 1 : 0;

/** @param {Package} one */
async function checkPublished(one) {
  const tarball = await pack(one, parcels);
  return [...checkTarball(one, tarball), ...(await lintTarball(one, tarball))];
}

/** @param {Package} one */
async function checkEntries({ folder, entries }) {
  const neutral = entries.filter(
    ({ source }) => !withoutNode[folder]?.some((path) => source.endsWith(`/src/${path}`)),
  );
  for (const entry of neutral) {
    const graph = await checkLoadsWithoutNode(entry);
    findings.push(...graph.findings);
    console.log(`${entry.specifier}: reaches ${graph.modules} modules`);
  }
}

/** @param {Entry | undefined} entry */
async function checkSize(entry) {
  if (entry === undefined) throw new Error('packages/recollect has no main entry');
  const { own, whole } = await measureBundle(entry);
  console.log(`${entry.specifier}: ${own} bytes min+gzip, ${whole} with dependencies (limit ${bundleLimit})`);
  if (whole > bundleLimit)
    findings.push(`${entry.specifier}: ${whole} bytes min+gzip, at most ${bundleLimit}`);
}
