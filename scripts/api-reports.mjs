/**
 * Writes etc/<entry>.api.md, one for each public door of each published package, from the built declarations.
 * With --check it writes nothing and fails where a report would change: the surface then changed unseen.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';
import { readPackages, root } from './workspace.mjs';

/** @typedef {import('./workspace.mjs').Entry & { folder: string }} Door */

const checkOnly = process.argv.includes('--check');
const reports = join(root, 'etc');
const scratch = mkdtempSync(join(tmpdir(), 'recollect-api-'));
const findings = /** @type {string[]} */ ([]);
mkdirSync(reports, { recursive: true });

const published = readPackages().filter(({ isPublic }) => isPublic);
const doors = published.flatMap(({ folder, entries }) => entries.map((entry) => ({ folder, ...entry })));
try {
  for (const door of doors) report(door);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
checkOrphans(doors.map(fileNameOf));

for (const finding of findings) console.error(finding);
console.log(`api: ${doors.length} reports, ${findings.length} findings`);
process.exitCode = findings.length > 0 ? 1 : 0;

/** @param {Door} door */
function report(door) {
  const result = Extractor.invoke(extractorConfig(door), {
    localBuild: !checkOnly,
    messageCallback: (message) => {
      message.handled = true;
      // A changed report is told below, in one line; its level depends on the mode.
      if (message.logLevel === ExtractorLogLevel.Error) findings.push(`${door.specifier}: ${message.text}`);
    },
  });
  if (checkOnly && result.apiReportChanged) {
    findings.push(
      `${door.specifier}: the public surface differs from etc/${fileNameOf(door)}; run "pnpm api" and review`,
    );
  }
}

/**
 * A report whose door is gone would be reviewed by nobody.
 *
 * @param {string[]} expected
 */
function checkOrphans(expected) {
  for (const name of readdirSync(reports).filter((file) => file.endsWith('.api.md'))) {
    if (expected.includes(name)) continue;
    if (checkOnly) findings.push(`etc/${name}: no public entry of this name`);
    else rmSync(join(reports, name));
  }
}

/** @param {Door} door */
function fileNameOf({ specifier }) {
  return `${specifier.replace('@', '').replaceAll('/', '-')}.api.md`;
}

/** @param {Door} door */
function extractorConfig(door) {
  const folder = join(root, 'packages', door.folder);
  return ExtractorConfig.prepare({
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath: join(root, door.types),
      compiler: { tsconfigFilePath: join(folder, 'tsconfig.json'), skipLibCheck: true },
      newlineKind: 'lf',
      apiReport: {
        enabled: true,
        reportFileName: fileNameOf(door),
        reportFolder: reports,
        reportTempFolder: scratch,
        includeForgottenExports: true,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
        extractorMessageReporting: {
          default: { logLevel: ExtractorLogLevel.Error },
          'ae-missing-release-tag': { logLevel: ExtractorLogLevel.None },
          // Links to a declaration inside of a package, or in another one, work in an editor.
          'ae-unresolved-link': { logLevel: ExtractorLogLevel.None },
          'ae-undocumented': { logLevel: ExtractorLogLevel.None },
          // A type that a signature names and nobody can import: shown in the report, for the review to see.
          'ae-forgotten-export': { logLevel: ExtractorLogLevel.Warning, addToApiReportFile: true },
        },
        tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(folder, 'package.json'),
  });
}
