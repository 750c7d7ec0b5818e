/** A record as an application caches it: 835 bytes of JSON. */
export interface Customer {
  readonly id: number;
  readonly [field: string]: unknown;
}

const ITEMS = ['keyboard', 'monitor', 'cable', 'dock', 'lamp'];

export function customerOf(id: number): Customer {
  const number = 100_000 + id;
  return {
    id: number,
    name: `Customer ${number}`,
    email: `customer.${number}@mail.example`,
    active: true,
    balance: 1_234.56,
    address: { street: '12 Long Rd', city: 'Springfield', postcode: 'AB1 2CD', country: 'GB' },
    preferences: { language: 'en-GB', currency: 'GBP', newsletter: false },
    tags: ['regular', 'invoice', 'first'],
    orders: ITEMS.map((item, at) => ({
      number: `${number}-${at}`,
      item,
      price: 19.99 + at,
      paid: at < 4,
      shippedAt: '2026-03-14T09:26:53.000Z',
    })),
  };
}
