import { cached, invalidates } from 'recollect';
import type { Database } from './database.js';
import * as sql from './shop-sql.js';

export interface Product {
  readonly id: number;
  readonly name: string;
  readonly category: string;
  readonly brand: string;
  readonly price: number;
  readonly stock: number;
  readonly createdAt: Date;
  readonly reviews: number;
  /** Mean of its stars; `null` when nobody wrote one. */
  readonly rating: number | null;
}

export interface Offer {
  readonly id: number;
  readonly name: string;
  readonly brand: string;
  readonly price: number;
}

export interface Search {
  readonly category: number;
  readonly maxPrice: number;
  /** From 0. */
  readonly page: number;
}

export interface SearchPage {
  readonly total: number;
  readonly offers: readonly Offer[];
}

/** How many products of a category there are in each band of price, keyed by the band's lower end. */
export type PriceHistogram = ReadonlyMap<number, number>;

/**
 * What a shop asks of its database. The decorators say what may be remembered and for how long; where it is remembered,
 * in this process, on a disk, in Redis or nowhere, is said by the configuration alone.
 */
export class ShopService {
  constructor(private readonly database: Database) {}

  @cached({ minutes: 10 })
  async product(id: number): Promise<Product | undefined> {
    const [product] = await this.database.rows<Product>(sql.PRODUCT, [id]);
    return product;
  }

  /** Up to eight products of the same category and a similar price, the most reviewed first. */
  @cached({ minutes: 10 })
  async related(id: number): Promise<Offer[]> {
    return this.database.rows<Offer>(sql.RELATED, [id]);
  }

  @cached({ minutes: 10 })
  async search({ category, maxPrice, page }: Search): Promise<SearchPage> {
    const found = await this.database.rows<Offer & { total: number }>(sql.SEARCH, [
      category,
      maxPrice,
      page * 20,
    ]);
    return { total: found[0]?.total ?? 0, offers: found.map(({ total, ...offer }) => offer) };
  }

  @cached({ hours: 1 })
  async priceHistogram(category: number): Promise<PriceHistogram> {
    const rows = await this.database.rows<{ band: number; products: number }>(sql.HISTOGRAM, [category]);
    return new Map(rows.map(({ band, products }) => [band, products]));
  }

  /** The product's stock is part of what `product` remembers, so a sale makes that one entry wrong. */
  @invalidates<ShopService>('product', (id) => [id])
  async sell(id: number, quantity: number): Promise<void> {
    await this.database.rows(sql.SELL, [id, quantity]);
  }
}
