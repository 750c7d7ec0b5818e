import { configureCache } from 'recollect';
import type { CatalogueDatabase } from './catalogue-database.js';
import { faultsOfAnswers, faultsOfCounts } from './faults-of.js';
import { type Latency, latency } from './latency.js';
import { answers } from './player.js';
import { type Row, UNCACHED } from './rows.js';
import { openShop, type Shop } from './shop-run.js';
import { ShopService } from './shop-service.js';
import { startShopProcess } from './start-shop-process.js';
import { spread, type Traffic } from './traffic.js';

/** A row, run. */
export interface Outcome extends Latency {
  readonly label: string;
  readonly calls: number;
  readonly hits: number;
  readonly loads: number;
  /** Statements the database ran for the calls, by its own count. */
  readonly queries: number;
  /** What is wrong; empty when all is well. */
  readonly faults: readonly string[];
}

/** What all rows have in common. */
export interface Demo {
  readonly database: CatalogueDatabase;
  readonly traffic: Traffic;
}

/**
 * Opens the row's shops, plays to all of them at once their shares of the traffic, sells in the first, and compares what
 * each of them then answers with what an uncached shop answers at that moment.
 */
export async function runRow(row: Row, demo: Demo, onProgress: (done: number) => void): Promise<Outcome> {
  const { database, traffic } = demo;
  const shares = spread(traffic, Math.max(1, row.processes));
  const shops = await openShops(row, shares, database, onProgress);
  const before = database.queries;
  const played = await Promise.all(shops.map((shop) => shop.play()));
  const queries = database.queries - before;
  await shops[0]?.sell();
  const given = await Promise.all(shops.map((shop) => shop.answers()));
  await Promise.all(shops.map((shop) => shop.close()));
  const truth = await uncachedAnswers(demo);
  const counts = {
    calls: traffic.calls.length,
    hits: played.reduce((sum, { hits }) => sum + hits, 0),
    loads: played.reduce((sum, { loads }) => sum + loads, 0),
    queries,
  };
  const faults = [...faultsOfCounts(row, counts, shares), ...faultsOfAnswers(traffic.samples, given, truth)];
  const durations = Float64Array.from(played.flatMap((each) => [...each.durations]));
  return {
    label: row.label,
    ...counts,
    ...latency(durations),
    // A cache that failed and still answered rightly has kept its promise: failures only explain what is wrong.
    faults: faults.length === 0 ? [] : [...faults, ...new Set(played.flatMap((each) => each.failures))],
  };
}

function openShops(
  row: Row,
  shares: readonly Traffic[],
  database: CatalogueDatabase,
  onProgress: (done: number) => void,
): Promise<Shop[]> {
  const done = shares.map(() => 0);
  return Promise.all(
    shares.map(async (traffic, at) => {
      const progress = (count: number): void => {
        done[at] = count;
        onProgress(done.reduce((sum, each) => sum + each));
      };
      if (row.processes === 0) return openShop(row.config, database, traffic, progress);
      return startShopProcess({ config: row.config, traffic }, database, progress);
    }),
  );
}

function uncachedAnswers({ database, traffic }: Demo): Promise<unknown[]> {
  configureCache(UNCACHED);
  return answers(new ShopService(database), traffic);
}
