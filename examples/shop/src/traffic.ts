import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import type { CatalogueSize } from './catalogue-sql.js';
import type { Search, ShopService } from './shop-service.js';
import { zipf } from './zipf.js';

/** One call of a visitor. */
export type Call =
  | { readonly method: 'product' | 'related'; readonly id: number }
  | { readonly method: 'search'; readonly search: Search }
  | { readonly method: 'priceHistogram'; readonly category: number };

/** Everything that a run of the demo asks of the shop. */
export interface Traffic {
  readonly calls: readonly Call[];
  /** Products sold after the calls, the most popular ones: the entries where a stale answer would show. */
  readonly sales: readonly number[];
  /** Calls whose answers are compared with the database afterwards; those that the sales change are among them. */
  readonly samples: readonly Call[];
}

export const ZIPF_EXPONENT = 1.2;
const PRICES = [50, 100, 200, 400];

/** The same seed gives the same traffic, in every process. */
export function generateTraffic(seed: number, count: number, size: CatalogueSize): Traffic {
  const random = xoroshiro128plus(seed);
  // Popularity must not follow the ids, or all that is popular would lie on the same pages of the database.
  const byRank = shuffled(size.products, random);
  const productRank = zipf(size.products, ZIPF_EXPONENT, random);
  const category = zipf(size.categories, 0.8, random);
  const page = zipf(10, 1.5, random);
  const product = (): number => byRank[productRank() - 1] as number;
  const draw = (): Call => {
    const share = uniformFloat64(random);
    if (share < 0.7) return { method: 'product', id: product() };
    if (share < 0.82) return { method: 'related', id: product() };
    if (share >= 0.95) return { method: 'priceHistogram', category: category() };
    const maxPrice = PRICES[uniformInt(random, 0, PRICES.length - 1)] as number;
    return { method: 'search', search: { category: category(), maxPrice, page: page() - 1 } };
  };
  const calls = Array.from({ length: count }, draw);
  const sales = [...byRank.slice(0, 20)];
  const sold = sales.map((id): Call => ({ method: 'product', id }));
  return { calls, sales, samples: [...sold, ...calls.filter((_, at) => at % 40 === 0)] };
}

/** The traffic as a balancer spreads it over so many processes: every call to one of them, in turn. */
export function spread({ calls, ...rest }: Traffic, processes: number): readonly Traffic[] {
  return Array.from({ length: processes }, (_, process) => ({
    ...rest,
    calls: calls.filter((_, at) => at % processes === process),
  }));
}

/** Makes the call. */
export function ask(shop: ShopService, call: Call): Promise<unknown> {
  switch (call.method) {
    case 'product':
      return shop.product(call.id);
    case 'related':
      return shop.related(call.id);
    case 'search':
      return shop.search(call.search);
    case 'priceHistogram':
      return shop.priceHistogram(call.category);
  }
}

/** The numbers 1 … `count` in random order (Fisher and Yates, in Durstenfeld's form). */
function shuffled(count: number, random: RandomGenerator): Int32Array {
  const numbers = Int32Array.from({ length: count }, (_, at) => at + 1);
  for (let last = count - 1; last > 0; last--) {
    const other = uniformInt(random, 0, last);
    const moved = numbers[last] as number;
    numbers[last] = numbers[other] as number;
    numbers[other] = moved;
  }
  return numbers;
}
