/** The program behind `pnpm nemesis`. Exit code 1 on a violation; with `--bug all`, when one of the defects is not found. */
import { MUTATIONS } from './mutation/mutations.js';
import { type NemesisOptions, readOptions, USAGE } from './options.js';
import type { Tally } from './output/tally.js';
import { run } from './run.js';

let lastLength = 0;

function say(line: string): void {
  progress('');
  console.log(line);
}

function progress(line: string): void {
  if (!process.stderr.isTTY) return;
  process.stderr.write(`\r${line.padEnd(lastLength)}${line === '' ? '\r' : ''}`);
  lastLength = line.length;
}

async function once(options: NemesisOptions): Promise<Tally> {
  const { bug, minutes, mode, seed, topology, workers } = options;
  const about = bug === undefined ? '' : `, with the defect ${bug}`;
  say(`${minutes} min, seed ${seed}, mode ${mode}, ${topology}, ${workers} workers${about}`);
  const tally = await run({ options, say, progress });
  for (const line of tally.lines()) say(line);
  return tally;
}

/** Each defect has a minute to be found in, by what it violates. How many were not. */
async function everyBug(options: NemesisOptions): Promise<number> {
  const missed: string[] = [];
  for (const { name, mode, shows } of MUTATIONS) {
    const { violated } = await once({ ...options, bug: name, mode, minutes: Math.min(1, options.minutes) });
    const isFound = shows.some((invariant) => violated.has(invariant));
    say(`${name}: ${isFound ? 'found' : 'NOT FOUND'}\n`);
    if (!isFound) missed.push(name);
  }
  say(missed.length === 0 ? `all ${MUTATIONS.length} defects were found` : `not found: ${missed.join(', ')}`);
  return missed.length;
}

try {
  const options = readOptions(process.argv.slice(2));
  const findings = options.bug === 'all' ? await everyBug(options) : (await once(options)).violations;
  process.exitCode = findings > 0 ? 1 : 0;
} catch (error) {
  const isMistake =
    error instanceof RangeError ||
    (error instanceof TypeError && 'code' in error && /PARSE_ARGS/.test(`${error.code}`));
  console.error(isMistake ? `${error.message}\n\n${USAGE}` : error);
  process.exitCode = 2;
}
