import { describe, expect, test } from '@jest/globals';
import { SimpleError } from '@redis/client';
import { addressIn, nameOf } from '../../src/address.js';
import { redirectionIn } from '../../src/route/redirection.js';
import { slotRanges } from '../../src/route/slot-ranges.js';

const from = { host: '10.0.0.1', port: 7_000 };

describe('a redirection', () => {
  test.each([
    ['MOVED 3999 127.0.0.1:6381', { kind: 'moved', slot: 3_999, to: { host: '127.0.0.1', port: 6_381 } }],
    ['ASK 12 node-3.internal:7002', { kind: 'ask', slot: 12, to: { host: 'node-3.internal', port: 7_002 } }],
    ['MOVED 0 ::1:7001', { kind: 'moved', slot: 0, to: { host: '::1', port: 7_001 } }],
    // A node that does not know its own name means its own host.
    ['MOVED 5 :7001', { kind: 'moved', slot: 5, to: { host: '10.0.0.1', port: 7_001 } }],
    ['TRYAGAIN Multiple keys request during rehashing of slot', { kind: 'again' }],
    ['MOVED 5 ?:7001', undefined],
    ['MOVED 5 nowhere', undefined],
    ['MOVED to another town', undefined],
    ['CLUSTERDOWN The cluster is down', undefined],
  ])('%s', (message, expected) => {
    expect(redirectionIn(new SimpleError(message), from)).toEqual(expected);
  });

  test('comes from a server only', () => {
    expect(redirectionIn(new Error('MOVED 3999 127.0.0.1:6381'), from)).toBeUndefined();
  });
});

describe('an address', () => {
  test.each([
    ['h:7', undefined, { host: 'h', port: 7 }],
    ['h', 6_379, { host: 'h', port: 6_379 }],
    ['[::1]:7', undefined, { host: '::1', port: 7 }],
    ['[::1]', 5, { host: '::1', port: 5 }],
    ['fe80::1:7', undefined, { host: 'fe80::1', port: 7 }],
    ['h', undefined, undefined],
    ['h:0', undefined, undefined],
    ['h:65536', undefined, undefined],
    [':7', undefined, undefined],
    ['', 7, undefined],
    ['a b:7', undefined, undefined],
    ['redis://h:7', undefined, undefined],
    ['user@h:7', undefined, undefined],
  ])('%p with the usual port %p', (text, usual, expected) => {
    expect(addressIn(text, usual)).toEqual(expected);
  });

  test('has one name however it is written', () => {
    const names = ['[::1]:7', '::1:7'].map((text) => nameOf(addressIn(text) ?? from));
    expect(names).toEqual(['::1:7', '::1:7']);
  });
});

describe('what CLUSTER SLOTS answers', () => {
  const node = (host: string | null, port: number, ...more: unknown[]) => [
    host === null ? null : Buffer.from(host),
    port,
    Buffer.from('id'),
    ...more,
  ];

  test('on Redis 6 and 7', () => {
    const reply = [
      [0, 99, node('a', 1), node('b', 2)],
      [100, 100, node('c', 3, [Buffer.from('hostname'), Buffer.from('c.internal')])],
    ];
    expect(slotRanges(reply, from)).toEqual([
      { first: 0, last: 99, master: { host: 'a', port: 1 }, replicas: [{ host: 'b', port: 2 }] },
      { first: 100, last: 100, master: { host: 'c', port: 3 }, replicas: [] },
    ]);
  });

  test('a node without a host is at the host that was asked; one that nobody knows is left out', () => {
    const reply = [
      [0, 1, node('', 1), node('?', 2)],
      [2, 3, node(null, 3)],
      [4, 5, node('?', 4)],
    ];
    expect(slotRanges(reply, from)).toEqual([
      { first: 0, last: 1, master: { host: '10.0.0.1', port: 1 }, replicas: [] },
      { first: 2, last: 3, master: { host: '10.0.0.1', port: 3 }, replicas: [] },
    ]);
  });

  test('of a node that is in no cluster yet is no answer', () => {
    expect(() => slotRanges([], from)).toThrow('it knows of no slots');
  });

  test.each([
    ['a text', 'OK'],
    ['a range that is none', ['OK']],
    ['a slot that is none', [[Buffer.from('0'), 1, node('a', 1)]]],
    ['a node that is none', [[0, 1, Buffer.from('a')]]],
    ['a host that is none', [[0, 1, [7, 1]]]],
  ])('of another command (%s) is found out', (_, reply) => {
    expect(() => slotRanges(reply, from)).toThrow(/out of step/);
  });
});
