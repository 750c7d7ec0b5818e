import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { configureCache } from 'recollect';
import { CatalogueDatabase } from '../src/catalogue-database.js';
import { ShopService } from '../src/shop-service.js';

const SEED = 3;
const SIZE = { products: 400, categories: 4, brands: 10, reviews: 800 };

// PostgreSQL starts and answers in this process: a busy machine multiplies that.
jest.setTimeout(120_000);

describe(`the shop on a real database, seed ${SEED}`, () => {
  let database: CatalogueDatabase;
  let shop: ShopService;

  beforeAll(async () => {
    database = await CatalogueDatabase.open(SEED, SIZE);
    shop = new ShopService(database);
  });
  beforeEach(() => void configureCache({ namespace: 'shop-test' }));
  afterAll(() => database.close());

  async function queriesOf(work: () => Promise<unknown>): Promise<number> {
    const before = database.queries;
    await work();
    return database.queries - before;
  }

  test('a product is asked for once and keeps its types', async () => {
    const first = await shop.product(7);
    expect(first).toMatchObject({ id: 7, price: expect.any(Number), createdAt: expect.any(Date) });
    expect(await queriesOf(async () => expect(await shop.product(7)).toEqual(first))).toBe(0);
  });

  test('a product that does not exist is remembered as well', async () => {
    expect(await shop.product(100_000)).toBeUndefined();
    expect(await queriesOf(() => shop.product(100_000))).toBe(0);
  });

  test('a sale makes that product wrong, and no other', async () => {
    const before = await shop.product(1);
    await shop.product(2);
    await shop.sell(1, 3);
    expect(await queriesOf(() => shop.product(2))).toBe(0);
    expect((await shop.product(1))?.stock).toBe((before?.stock ?? Number.NaN) - 3);
  });

  test('pages of a search fit together and are told apart', async () => {
    const [one, two] = await Promise.all(
      [0, 1].map((page) => shop.search({ category: 1, maxPrice: 1e6, page })),
    );
    expect(one?.total).toBe(two?.total);
    expect(one?.offers).toHaveLength(20);
    expect(Math.min(...(one?.offers ?? []).map((offer) => offer.price))).toBeGreaterThanOrEqual(
      two?.offers[0]?.price ?? 0,
    );
    expect(await queriesOf(() => shop.search({ page: 1, maxPrice: 1e6, category: 1 }))).toBe(0);
  });

  test('a histogram is a Map, also from the cache, and counts each product once', async () => {
    await shop.priceHistogram(1);
    const bands = await shop.priceHistogram(1);
    const { total } = await shop.search({ category: 1, maxPrice: 1e9, page: 0 });
    expect(bands).toBeInstanceOf(Map);
    expect([...bands.values()].reduce((sum, each) => sum + each)).toBe(total);
  });

  test('related products are others of a similar price', async () => {
    const me = await shop.product(7);
    const related = await shop.related(7);
    expect(related.length).toBeGreaterThan(0);
    for (const { id, price } of related) {
      expect(id).not.toBe(7);
      expect(Math.abs(price - (me?.price ?? 0))).toBeLessThanOrEqual(0.1 * (me?.price ?? 0) + 0.01);
    }
  });

  test('without a cache every call is a query', async () => {
    configureCache({ local: { kind: 'NullCache' } });
    expect(await queriesOf(async () => [await shop.product(7), await shop.product(7)])).toBe(2);
  });
});
