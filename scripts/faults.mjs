/**
 * Runs the tests of the fault rows again and again: `node scripts/faults.mjs --times 20 [--rows F5,F12] [--seed 7]`.
 *
 * A row is a test whose name has `F5: ` in it, in a file `faults*.test.ts`, or one of `scripts/faults/rows.mjs`. Each run has a
 * seed of its own, RECOLLECT_SEED for the tests; with `--seed` the first run has this one and the next the number after it.
 * The first red ends it. Exit code 1 for a red, for a row that was skipped and for one that has no test.
 */
import { parseArgs } from 'node:util';
import { runRows } from './faults/run-rows.mjs';
import { Tally } from './faults/tally.mjs';

const { values } = parseArgs({
  // pnpm passes it on where it stands.
  args: process.argv.slice(2).filter((word) => word !== '--'),
  options: {
    times: { type: 'string', default: '1' },
    rows: { type: 'string' },
    seed: { type: 'string' },
  },
});
const times = number('times', values.times, 1);
const first = values.seed === undefined ? undefined : number('seed', values.seed, 0);
const wanted = values.rows?.split(',').map((row) => row.trim());
for (const row of wanted ?? [])
  if (!/^F\d+$/.test(row)) throw new Error(`--rows: '${row}' is no row, such as F5`);

const tally = new Tally(wanted);
for (let turn = 0; turn < times && !tally.isRed; turn += 1) {
  const seed = first === undefined ? Math.floor(Math.random() * 2 ** 31) : first + turn;
  const since = performance.now();
  const run = await runRows(seed, wanted);
  const reds = tally.add(run);
  const verdict = reds.length === 0 ? 'green' : 'RED';
  const seconds = Math.round((performance.now() - since) / 100) / 10;
  console.log(`run ${turn + 1} of ${times}, seed ${seed}: ${verdict}, ${seconds} s`);
  for (const red of reds) console.error(`\n${red}\n`);
  if (reds.length > 0)
    console.error(`again: pnpm faults --seed ${seed}${wanted ? ` --rows ${wanted.join(',')}` : ''}`);
}
console.table(tally.table());
process.exitCode = tally.isRed ? 1 : 0;

/** @param {string} option @param {string} text @param {number} least */
function number(option, text, least) {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < least || value >= 2 ** 31)
    throw new Error(`--${option} is '${text}'; it accepts whole numbers from ${least} to 2^31`);
  return value;
}
