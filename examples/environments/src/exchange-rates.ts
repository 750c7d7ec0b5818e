import { cached } from 'recollect';

/** Knows nothing of environments: where its answers are kept is decided elsewhere. */
export class ExchangeRates {
  asked = 0;

  @cached({ minutes: 5 })
  async rate(from: string, to: string): Promise<number> {
    this.asked++;
    return from === to ? 1 : from.length / (to.length + 0.25);
  }
}
