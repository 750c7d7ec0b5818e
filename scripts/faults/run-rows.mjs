import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { run } from '../run.mjs';
import { root } from '../workspace.mjs';
import { NAMED_ROWS, rowOf, UNNAMED_ROWS } from './rows.mjs';

/**
 * @typedef {object} Outcome Of one test.
 * @property {string} row
 * @property {string} name
 * @property {'passed' | 'failed' | 'skipped'} status
 * @property {number} ms
 * @property {string} why it failed
 */

/**
 * @typedef {object} JestReport What we read of what jest writes with `--json`.
 * @property {{ name: string, message: string, status: string,
 *   assertionResults: { fullName: string, status: string, duration?: number | null, failureMessages: string[] }[] }[]} testResults
 */

/**
 * Runs the rows once, one file after the other: several at once would be each other's noise.
 *
 * @param {number} seed
 * @param {readonly string[]} [wanted] rows; all when it is absent
 * @returns {Promise<{ outcomes: Outcome[], broken: string[] }>} `broken`: files that could not be run, with the reason
 */
export async function runRows(seed, wanted) {
  const directory = mkdtempSync(join(tmpdir(), 'recollect-faults-'));
  const report = join(directory, 'report.json');
  const unnamed = UNNAMED_ROWS.filter(({ row }) => wanted === undefined || wanted.includes(row));
  const files = [NAMED_ROWS, ...new Set(unnamed.map(({ file }) => file.replaceAll('.', '[.]')))];
  const named = wanted === undefined ? 'F\\d+' : `(${wanted.join('|')})`;
  const names = [`\\b${named}: `, ...unnamed.map(({ name }) => name.source)].join('|');
  try {
    const { output } = await run(
      'jest',
      [
        '--selectProjects=standard',
        '--runInBand',
        // What a red test has left open must not keep the next run waiting.
        '--forceExit',
        '--json',
        `--outputFile=${report}`,
        `--testPathPatterns=${files.join('|')}`,
        `--testNamePattern=${names}`,
      ],
      {
        env: {
          RECOLLECT_SEED: String(seed),
          NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning',
        },
      },
    );
    const text = readReport(report);
    if (text === undefined)
      return { outcomes: [], broken: [`jest wrote no report:\n${output.slice(-4_000)}`] };
    return read(JSON.parse(text), wanted);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** @param {string} path */
function readReport(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** @param {JestReport} report @param {readonly string[]} [wanted] */
function read({ testResults }, wanted) {
  /** @type {Outcome[]} */
  const outcomes = [];
  const broken = [];
  for (const { name, message, status, assertionResults } of testResults) {
    const file = relative(root, name);
    if (status === 'failed' && !assertionResults.some((each) => each.status === 'failed'))
      broken.push(`${file}: ${message}`);
    for (const { fullName, status: came, duration, failureMessages } of assertionResults) {
      const row = rowOf(file, fullName);
      if (row === undefined || (wanted !== undefined && !wanted.includes(row))) continue;
      outcomes.push({
        row,
        name: fullName,
        status: came === 'passed' || came === 'failed' ? came : 'skipped',
        ms: duration ?? 0,
        why: failureMessages.join('\n'),
      });
    }
  }
  return { outcomes, broken };
}
