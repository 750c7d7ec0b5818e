/**
 * Plays the same traffic to the same shop under one cache configuration after another. Exit code 1 when an answer was
 * wrong or a count does not add up.
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CatalogueDatabase } from './catalogue-database.js';
import { FULL_SIZE } from './catalogue-sql.js';
import { type DemoOptions, readOptions } from './demo-options.js';
import { Progress } from './progress.js';
import { reachRedis } from './reach-redis.js';
import { closing, introduction, tableOf } from './report.js';
import { type Places, rows } from './rows.js';
import { type Outcome, runRow } from './run-row.js';
import { generateTraffic } from './traffic.js';

async function openDatabase(seed: number): Promise<CatalogueDatabase> {
  const progress = new Progress('PostgreSQL in this process');
  const database = await CatalogueDatabase.open(seed);
  progress.end(true, `${FULL_SIZE.products} products with ${FULL_SIZE.reviews} reviews`);
  return database;
}

async function runAll({ seed, calls }: DemoOptions, places: Places): Promise<Outcome[]> {
  const database = await openDatabase(seed);
  const traffic = generateTraffic(seed, calls, FULL_SIZE);
  const outcomes: Outcome[] = [];
  try {
    for (const row of rows(places)) {
      const progress = new Progress(row.label.trim());
      const outcome = await runRow(row, { database, traffic }, (done) => progress.show(done, calls));
      const [fault] = outcome.faults;
      progress.end(fault === undefined, fault ?? `${outcome.queries} queries for ${outcome.calls} calls`);
      outcomes.push(outcome);
    }
  } finally {
    await database.close();
  }
  return outcomes;
}

async function main(): Promise<boolean> {
  const options = readOptions(process.argv.slice(2), process.env);
  const { redisUrl } = options;
  const namespace = `shop-demo-${randomUUID()}`;
  const inRedis = redisUrl === undefined ? undefined : await reachRedis(redisUrl, namespace);
  const directory = await mkdtemp(join(tmpdir(), 'recollect-shop-'));
  try {
    console.log(introduction(options));
    const outcomes = await runAll(options, { directory, redisUrl, namespace });
    const faults = outcomes.flatMap(({ label, faults }) =>
      faults.map((fault) => `${label.trim()}: ${fault}`),
    );
    console.log(tableOf(outcomes));
    console.log(closing(options, faults));
    return faults.length === 0;
  } finally {
    await rm(directory, { recursive: true, force: true });
    await inRedis?.clear();
    await inRedis?.close();
  }
}

try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  // At once: a shop process that still runs would keep this one alive, and ends when this one does.
  process.exit(1);
}
