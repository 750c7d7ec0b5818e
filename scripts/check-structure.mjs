/** Checks what the sources may import from each other and what they may not contain. Exit code 1 on a finding. */
import { checkImportGraph } from './structure/import-graph.mjs';
import { checkSources } from './structure/sources.mjs';
import { readPackages } from './workspace.mjs';

const packages = readPackages().filter(({ hasSources }) => hasSources);
const imports = await checkImportGraph(packages);
const sources = checkSources(packages);
const findings = [...imports.findings, ...sources.findings];

for (const finding of findings) console.error(finding);
console.log(
  `structure: ${imports.files} files in the import graph, ${sources.files} read, ${findings.length} findings`,
);
process.exitCode = findings.length > 0 ? 1 : 0;
