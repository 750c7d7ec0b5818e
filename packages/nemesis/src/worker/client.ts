import type { OperationKind, Outcome } from '../history/history.js';
import { subjectOf } from '../history/history.js';
import { now } from '../history/now.js';
import { operation, type Site } from './sites.js';
import { outcomeOf, outcomeOfError, storedValue } from './stored-value.js';
import { tell } from './tell.js';

export interface Request {
  readonly kind: OperationKind;
  readonly site: string;
  readonly key: string;
  readonly calm?: boolean;
}

/** Does operations of one process and reports each before it begins and when it has ended. */
export class Client {
  #count = 0;

  constructor(
    private readonly process: string,
    private readonly sites: ReadonlyMap<string, Site>,
  ) {}

  async do({ kind, site, key, calm = false }: Request): Promise<Outcome> {
    this.#count += 1;
    const id = `${this.process}:${this.#count}`;
    const target = this.sites.get(site) as Site;
    tell({ of: 'start', id, kind, site, key, at: now(), calm });
    let outcome: Outcome;
    try {
      outcome = await operation.run(id, () => this.#act(target, id, { kind, site, key }));
    } catch (error) {
      outcome = outcomeOfError(error);
    }
    tell({ of: 'end', id, at: now(), outcome });
    return outcome;
  }

  async #act(target: Site, id: string, { kind, site, key }: Request): Promise<Outcome> {
    switch (kind) {
      case 'call':
        return outcomeOf(await target(key));
      case 'resolve':
        // The value says that it comes from this operation, which reports of it.
        await target.resolve([key], storedValue(id, subjectOf({ site, key }), 5));
        return { is: 'done' };
      case 'invalidate':
      case 'invalidateAll': {
        const { shared } = await (kind === 'invalidate' ? target.invalidate(key) : target.invalidateAll());
        return { is: shared === 'none' ? 'failed' : shared };
      }
    }
  }
}
