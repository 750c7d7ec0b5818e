import { describe, expect, jest, test } from '@jest/globals';
import { roleFor } from '../src/needs-role.js';
import { Customer, Orders } from '../src/orders.js';

describe('with decorators of TypeScript', () => {
  test('both methods are cached, whatever the order of the decorators', async () => {
    const orders = new Orders();
    const since = new Date('2026-03-01');
    expect([await orders.count(7, since), await orders.count(7, new Date(since))]).toEqual([9, 9]);
    expect([await orders.total(new Customer(7)), await orders.total(new Customer(7))]).toEqual([700, 700]);
    expect(orders.queries).toBe(2);
  });

  test('the types that TypeScript records are visible on the cached methods', () => {
    const types = (name: string) => Reflect.getMetadata('design:paramtypes', Orders.prototype, name);
    expect(types('count')).toEqual([Number, Date]);
    expect(types('total')).toEqual([Customer]);
    expect(Reflect.getMetadata('design:returntype', Orders.prototype, 'count')).toBe(Promise);
  });

  test('what another decorator leaves on the method is visible, above @cached and below it', () => {
    expect(roleFor(Orders.prototype.count)).toBe('clerk');
    expect(roleFor(Orders.prototype.total)).toBe('auditor');
    expect([Orders.prototype.count.name, Orders.prototype.count.length]).toEqual(['count', 2]);
  });

  test('the program says so', async () => {
    const log = jest.spyOn(console, 'log').mockImplementation(() => {});
    await import('../src/main.js');
    expect(log.mock.calls.map(([line]) => line)).toEqual([
      '4 calls, 2 queries',
      'count(Number, Date) → Promise, needs role clerk',
      'total(Customer) → Promise, needs role auditor',
    ]);
    log.mockRestore();
  });
});
