import { describe, expect, test } from '@jest/globals';
import { type Counts, faultsOfAnswers, faultsOfCounts } from '../src/faults-of.js';
import type { Row } from '../src/rows.js';
import { spread, type Traffic } from '../src/traffic.js';

// 4 entries: 1 and 2 in both shares, 3 and 4 in one.
const traffic: Traffic = {
  calls: [1, 1, 2, 2, 3, 4, 1, 1].map((id) => ({ method: 'product', id })),
  sales: [1],
  samples: [{ method: 'product', id: 1 }],
};
const cold: Row = { label: '', config: {}, processes: 0, starts: 'cold', remembers: 'everything' };
const right: Counts = { calls: 8, hits: 4, loads: 4, queries: 4 };

const counted = (row: Row, counts: Counts) =>
  faultsOfCounts(row, counts, spread(traffic, Math.max(1, row.processes)));

describe('counts', () => {
  test.each<[string, Partial<Row>, Partial<Counts>]>([
    ['cold', {}, {}],
    ['uncached', { remembers: 'nothing' }, { hits: 0, loads: 8, queries: 8 }],
    ['after a restart', { starts: 'warm' }, { hits: 8, loads: 0, queries: 0 }],
    ['in two processes', { processes: 2 }, {}],
    ['in two processes that loaded one at once', { processes: 2 }, { hits: 3, loads: 5, queries: 5 }],
  ])('that add up are right: %s', (_, row, counts) => {
    expect(counted({ ...cold, ...row }, { ...right, ...counts })).toEqual([]);
  });

  test.each<[string, Partial<Row>, Partial<Counts>]>([
    ['an entry loaded twice', {}, { hits: 3, loads: 5, queries: 5 }],
    ['an entry nobody loaded', {}, { hits: 5, loads: 3, queries: 3 }],
    ['a restart that forgot', { starts: 'warm' }, { hits: 7, loads: 1, queries: 1 }],
    ['a NullCache that caches', { remembers: 'nothing' }, { hits: 1, loads: 7, queries: 7 }],
    ['two processes that share nothing', { processes: 2 }, { hits: 2, loads: 6, queries: 6 }],
    ['loads the database knows nothing of', {}, { hits: 3, loads: 5 }],
    ['a call nobody answered', {}, { hits: 3 }],
  ])('show %s', (_, row, counts) => {
    expect(counted({ ...cold, ...row }, { ...right, ...counts })).toHaveLength(1);
  });
});

test.each([
  ['a stale number', { createdAt: new Date(5), stock: 4 }],
  ['a Date that became text', { createdAt: new Date(5).toISOString(), stock: 3 }],
  ['nothing at all', undefined],
])('an answer with %s is shown, with the call', (_, wrong) => {
  const truth = [{ createdAt: new Date(5), stock: 3 }];
  const [fault, ...others] = faultsOfAnswers(traffic.samples, [truth, [wrong]], truth);
  expect(fault).toContain("{ method: 'product', id: 1 } was answered");
  expect(others).toEqual([]);
});
