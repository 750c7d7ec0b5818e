import { cached } from 'recollect';

/** Where prices come from. */
export interface PriceSource {
  priceOf(sku: string): Promise<number>;
}

export class PriceList {
  constructor(private readonly source: PriceSource) {}

  @cached({ hours: 1 })
  async price(sku: string): Promise<number> {
    const price = await this.source.priceOf(sku);
    if (price < 0) throw new RangeError(`The price of ${sku} is ${price}`);
    return price;
  }
}
