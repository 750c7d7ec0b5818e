import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import type { Figure, Row } from './figure.js';

const FIGURES: Readonly<Record<string, () => Promise<Figure>>> = {
  commits: async () => (await import('./figures/commits.js')).commits,
  exit: async () => (await import('./figures/exit.js')).exit,
  frozen: async () => (await import('./figures/frozen.js')).frozen,
  kills: async () => (await import('./figures/kills.js')).kills,
  stampede: async () => (await import('./figures/stampede.js')).stampede,
  throughput: async () => (await import('./figures/throughput.js')).throughput,
};

/** What a child process can be; see `Child`. */
const ROLES: Readonly<Record<string, () => Promise<(...args: never[]) => unknown>>> = {
  claimant: async () => (await import('./children/claimant.js')).claimant,
  committer: async () => (await import('./children/committer.js')).committer,
  crowd: async () => (await import('./children/crowd.js')).crowd,
  freezer: async () => (await import('./children/freezer.js')).freezer,
  leaver: async () => (await import('./children/leaver.js')).leaver,
  reader: async () => (await import('./children/reader.js')).reader,
};

const USAGE = `usage: figures <${Object.keys(FIGURES).join(' | ')}> … [--report] [--seed n] [--scale x]`;

function print(rows: readonly Row[]): void {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cells = [names, ...rows.map((row) => names.map((name) => String(row[name] ?? '')))];
  const widths = names.map((_, at) => Math.max(...cells.map((row) => (row[at] as string).length)));
  for (const row of cells)
    console.log(
      row
        .map((cell, at) => cell.padEnd(widths[at] as number))
        .join('  ')
        .trimEnd(),
    );
}

async function measureAll(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { report: { type: 'boolean' }, seed: { type: 'string' }, scale: { type: 'string' } },
  });
  const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
  const scale = Number(values.scale ?? 1);
  const unknown = positionals.find((name) => !(name in FIGURES));
  if (positionals.length === 0 || unknown !== undefined || !Number.isInteger(seed) || !(scale > 0))
    throw new Error(USAGE);
  console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, seed ${seed}`);
  for (const name of positionals) {
    const figure = await (FIGURES[name] as () => Promise<Figure>)();
    console.log(`\n${name}: ${figure.title} (load ${loadavg()[0]?.toFixed(2)})`);
    const { rows, missed } = await figure.measure({ seed, scale });
    print(rows);
    for (const what of missed) console.log(`MISSED: ${what}`);
    if (missed.length > 0 && values.report !== true) process.exitCode = 1;
  }
}

const [first, role = '', ...rest] = process.argv.slice(2);
if (first === '--child') await (await ROLES[role]?.())?.(...(rest as never[]));
else await measureAll(process.argv.slice(2));
