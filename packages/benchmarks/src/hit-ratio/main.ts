import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { belady } from './belady.js';
import { type Eviction, replay } from './replay.js';
import { syntheticTraces } from './synthetic.js';
import type { Trace } from './trace.js';
import { SOURCE, tracesIn } from './trace-files.js';

const USAGE = `usage: hit-ratio [folder of traces] [--seed n]; without a folder: synthetic traces only. ${SOURCE}`;

/** Percent of hits for one trace and size of the cache. */
interface Row {
  readonly size: number;
  readonly lru: number;
  readonly fifo: number;
  readonly adaptive: number;
  readonly optimum: number;
}

function measure(trace: Trace, size: number): Row {
  const ratio = (eviction: Eviction) => replay(trace, size, eviction);
  return {
    size,
    lru: ratio('lru'),
    fifo: ratio('fifo'),
    adaptive: ratio('adaptive'),
    optimum: belady(trace, size),
  };
}

function print(cells: readonly (string | number)[]): void {
  const texts = cells.map((cell) => (typeof cell === 'number' ? cell.toFixed(2) : cell));
  console.log(texts.map((text) => text.padStart(9)).join(''));
}

function printTrace(trace: Trace): Row[] {
  console.log(`\n${trace.name}: ${trace.accesses.length} accesses to ${trace.keys} keys`);
  print(['size', 'lru', 'fifo', 'adaptive', 'optimum', '− lru', '% of opt']);
  return trace.sizes.map((size) => {
    const row = measure(trace, size);
    const { lru, fifo, adaptive, optimum } = row;
    print([String(size), lru, fifo, adaptive, optimum, adaptive - lru, share(adaptive, optimum)]);
    return row;
  });
}

function share(ratio: number, optimum: number): number {
  return optimum === 0 ? 100 : (100 * ratio) / optimum;
}

function printSummary(title: string, rows: readonly Row[]): void {
  const mean = (of: (row: Row) => number) => rows.reduce((sum, row) => sum + of(row), 0) / rows.length;
  const gains = rows.map(({ adaptive, lru }) => adaptive - lru);
  console.log(
    `\n${title}, ${rows.length} rows: adaptive − lru is ${mean(({ adaptive, lru }) => adaptive - lru).toFixed(2)} points on average, ` +
      `${Math.min(...gains).toFixed(2)} at worst, and below −1 in ${gains.filter((gain) => gain < -1).length} rows; ` +
      `of the optimum: lru ${mean(({ lru, optimum }) => share(lru, optimum)).toFixed(1)} %, ` +
      `fifo ${mean(({ fifo, optimum }) => share(fifo, optimum)).toFixed(1)} %, ` +
      `adaptive ${mean(({ adaptive, optimum }) => share(adaptive, optimum)).toFixed(1)} %`,
  );
}

const { positionals, values } = parseArgs({ allowPositionals: true, options: { seed: { type: 'string' } } });
const seed = Number(values.seed ?? 1);
if (positionals.length > 1 || !Number.isInteger(seed)) throw new Error(USAGE);
const [folder] = positionals;
console.log(`Percent of hits; every miss is stored. Seed of the synthetic traces: ${seed}.`);
if (folder === undefined) console.log(USAGE);
// Package managers change the directory; they say where they were called.
else
  printSummary(
    'Recorded traces',
    [...tracesIn(resolve(process.env.INIT_CWD ?? '.', folder))].flatMap(printTrace),
  );
printSummary('Synthetic traces', [...syntheticTraces(seed)].flatMap(printTrace));
