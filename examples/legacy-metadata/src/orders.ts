import { cached } from 'recollect';
import { needsRole } from './needs-role.js';

export class Customer {
  constructor(readonly id: number) {}
}

/** Decorated in both orders: what the other decorator leaves behind is found on the cached method either way. */
export class Orders {
  queries = 0;

  @cached({ minutes: 5, localOnly: true })
  @needsRole('clerk')
  async count(customerId: number, since: Date): Promise<number> {
    this.queries++;
    return customerId + since.getUTCMonth();
  }

  @needsRole('auditor')
  @cached({ minutes: 5, localOnly: true, key: (customer: Customer) => [customer.id] })
  async total(customer: Customer): Promise<number> {
    this.queries++;
    return customer.id * 100;
  }
}
