import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { type LocalBackendClass, type LocalEntry, SimpleCache, type SimpleCacheOptions } from 'recollect';
import { CatalogueDatabase } from '../src/catalogue-database.js';
import { type Row, rows } from '../src/rows.js';
import { type Outcome, runRow } from '../src/run-row.js';
import { generateTraffic } from '../src/traffic.js';

const SEED = 11;
const SIZE = { products: 300, categories: 4, brands: 10, reviews: 300 };
const CALLS = 240;

// PostgreSQL starts and answers in this process: a busy machine multiplies that.
jest.setTimeout(120_000);

/** Does not heed an invalidation. */
class StaleCache extends SimpleCache {
  override delete(): boolean {
    return false;
  }
}

/** Loses every third entry. */
class LeakyCache extends SimpleCache {
  #stored = 0;

  override set(entry: LocalEntry): void {
    super.set(entry);
    this.#stored++;
    if (this.#stored % 3 === 0) super.delete(entry.key);
  }
}

describe(`a row of the demo, seed ${SEED}`, () => {
  const traffic = generateTraffic(SEED, CALLS, SIZE);
  let database: CatalogueDatabase;

  beforeAll(async () => {
    database = await CatalogueDatabase.open(SEED, SIZE);
  });
  afterAll(() => database.close());

  const run = (row: Row): Promise<Outcome> => runRow(row, { database, traffic }, () => {});
  const on = (kind: LocalBackendClass<SimpleCacheOptions>): Row => {
    return { label: '', config: { local: { kind } }, processes: 0, starts: 'cold', remembers: 'everything' };
  };

  test('is right where the cache is, and saves what it says', async () => {
    const [none, simple, reference] = rows({ directory: '', redisUrl: undefined, namespace: 'row-test' });
    expect(await run(none as Row)).toMatchObject({ calls: CALLS, hits: 0, queries: CALLS, faults: [] });
    const { hits, loads, queries, faults, p50, p99 } = await run(simple as Row);
    expect(faults).toEqual([]);
    expect(queries).toBe(loads);
    expect(hits + loads).toBe(CALLS);
    expect(p50).toBeLessThan(p99);
    expect(await run(reference as Row)).toMatchObject({ hits, loads, faults: [] });
  });

  test('finds a cache that answers what was true before a sale', async () => {
    const { faults } = await run(on(StaleCache));
    expect(faults).toEqual([expect.stringContaining("{ method: 'product', id: ")]);
  });

  test('finds a cache that loads again what it should remember', async () => {
    const { faults } = await run(on(LeakyCache));
    expect(faults).toEqual([expect.stringMatching(/^the database ran \d+ statements, expected were \d+$/)]);
  });
});
