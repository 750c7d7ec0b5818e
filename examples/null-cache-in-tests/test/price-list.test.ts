import { beforeEach, describe, expect, test } from '@jest/globals';
import { useNullCache, withDefaultCache } from '@recollect/testing';
import { PriceList, type PriceSource } from '../src/price-list.js';

const prices = new Map<string, number>();
let asked: string[] = [];
const source: PriceSource = {
  priceOf: async (sku) => {
    asked.push(sku);
    return prices.get(sku) ?? 0;
  },
};
// One for all tests, as an application has one: this is where a cache would carry answers from test to test.
const list = new PriceList(source);

beforeEach(() => {
  prices.clear();
  asked = [];
});

describe('a price list', () => {
  useNullCache();

  test('asks its source', async () => {
    prices.set('lamp', 40);
    expect(await list.price('lamp')).toBe(40);
    expect(asked).toEqual(['lamp']);
  });

  test('sees the price of this test, not of the one before', async () => {
    prices.set('lamp', 55);
    expect([await list.price('lamp'), await list.price('lamp')]).toEqual([55, 55]);
    expect(asked).toEqual(['lamp', 'lamp']);
  });

  test('refuses a price below nothing, each time', async () => {
    prices.set('lamp', -1);
    await expect(list.price('lamp')).rejects.toThrow(RangeError);
    await expect(list.price('lamp')).rejects.toThrow('The price of lamp is -1');
    expect(asked).toHaveLength(2);
  });
});

test('with a cache the first price would have stayed', async () => {
  await withDefaultCache({ local: { kind: 'SimpleCache' } }, async () => {
    prices.set('lamp', 40);
    await list.price('lamp');
    prices.set('lamp', 55);
    expect(await list.price('lamp')).toBe(40);
    expect(asked).toEqual(['lamp']);
  });
});
