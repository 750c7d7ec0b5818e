import Table from 'cli-table3';
import { FULL_SIZE } from './catalogue-sql.js';
import type { DemoOptions } from './demo-options.js';
import type { Outcome } from './run-row.js';
import { ZIPF_EXPONENT } from './traffic.js';

const count = new Intl.NumberFormat('en');
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** The outcomes side by side. */
export function tableOf(outcomes: readonly Outcome[]): string {
  const table = new Table({
    head: ['', 'calls', 'hit ratio', 'loads', 'p50', 'p99', 'queries saved'],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right', 'right'],
    style: { head: process.stdout.isTTY ? ['bold'] : [], border: [], compact: true },
  });
  for (const { label, calls, hits, loads, p50, p99, queries } of outcomes) {
    const saved = `${count.format(calls - queries)} (${percent((calls - queries) / calls)})`;
    const cells = [
      count.format(calls),
      percent(hits / calls),
      count.format(loads),
      time(p50),
      time(p99),
      saved,
    ];
    table.push([label, ...cells]);
  }
  return table.toString();
}

/** Milliseconds with three digits that matter. */
export function time(ms: number): string {
  return ms < 1 ? `${Number((ms * 1000).toPrecision(3))} µs` : `${Number(ms.toPrecision(3))} ms`;
}

/** What is about to happen. */
export function introduction({ seed, calls }: DemoOptions): string {
  return `
A shop with ${count.format(FULL_SIZE.products)} products asks its PostgreSQL database for product pages, offers, searches, histograms.
${count.format(calls)} calls follow Zipf's law (exponent ${ZIPF_EXPONENT}, seed ${seed}): few products are popular, most hardly asked for.
Each row plays the same calls to the same service; only the configuration of the cache differs.
`;
}

/** What was seen, and where to go from here. */
export function closing({ redisUrl }: DemoOptions, faults: readonly string[]): string {
  if (faults.length > 0)
    return ['\nThis is not as it should be:', ...faults.map((fault) => `  ${fault}`)].join('\n');
  const withRedis =
    'RECOLLECT_REDIS_URL=redis://localhost:6379 adds a row: Redis, shared by two processes.\n';
  return `
p50 and p99 are times of one call; a load is a run of the service's method; queries were counted by the
database. After each row products were sold, and sampled answers compared with those of an uncached shop:
all were right, and of the right types (Date, Map).
* in processes of its own, which ask this one for the database. The restart is a real one.
The database lies in this process, so a query costs no network. Across one, a hit saves far more.
${redisUrl === undefined ? withRedis : ''}
Read next: examples/shop/src/shop-service.ts (the decorators), examples/shop/src/rows.ts (the
configurations), README.md.`;
}
