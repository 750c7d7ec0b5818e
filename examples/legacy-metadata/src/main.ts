import { roleFor } from './needs-role.js';
import { Customer, Orders } from './orders.js';

const orders = new Orders();
await orders.count(7, new Date('2026-03-01'));
await orders.count(7, new Date('2026-03-01'));
await orders.total(new Customer(7));
await orders.total(new Customer(7));
console.log(`4 calls, ${orders.queries} queries`);

for (const name of ['count', 'total'] as const) {
  const types = Reflect.getMetadata('design:paramtypes', Orders.prototype, name) as { name: string }[];
  const returns = Reflect.getMetadata('design:returntype', Orders.prototype, name) as { name: string };
  const parameters = types.map((type) => type.name).join(', ');
  console.log(`${name}(${parameters}) → ${returns.name}, needs role ${roleFor(orders[name])}`);
}
