import { describe, expect, test } from '@jest/globals';
import { agreement, ownerOf, readClusterNodes } from '../../src/redis/cluster-view.js';

const VIEW = `a1 127.0.0.1:7001@17001,host myself,master - 0 0 3 connected 0-99 200 [77->-b2]
b2 127.0.0.1:7002@17002 master - 0 5 4 connected 100-199
c3 127.0.0.1:7003@17003 slave a1 0 5 3 connected
d4 127.0.0.1:7004@17004 master,fail? - 0 5 2 connected 300-400
e5 127.0.0.1:7005@17005 master - 0 5 9 disconnected 0-10
`;

describe('the view of a node', () => {
  const view = readClusterNodes(VIEW);

  test('has roles, masters, slots and doubts', () => {
    const base = { masterId: undefined, isSelf: false, isFine: true };
    expect(view).toEqual([
      {
        ...base,
        id: 'a1',
        port: 7001,
        role: 'master',
        isSelf: true,
        epoch: 3,
        slots: [
          [0, 99],
          [200, 200],
        ],
      },
      { ...base, id: 'b2', port: 7002, role: 'master', epoch: 4, slots: [[100, 199]] },
      { ...base, id: 'c3', port: 7003, role: 'replica', masterId: 'a1', epoch: 3, slots: [] },
      { ...base, id: 'd4', port: 7004, role: 'master', epoch: 2, isFine: false, slots: [[300, 400]] },
      { ...base, id: 'e5', port: 7005, role: 'master', epoch: 9, isFine: false, slots: [[0, 10]] },
    ]);
  });

  test('gives a slot to the claim of the highest epoch', () => {
    expect(ownerOf(5, [view])?.id).toBe('e5');
    expect(ownerOf(50, [[], view])?.id).toBe('a1');
    expect(ownerOf(250, [view])).toBeUndefined();
  });

  test('agrees with another in another order, and not with other slots', () => {
    expect(agreement([...view].reverse())).toBe(agreement(view));
    expect(agreement(view.slice(1))).not.toBe(agreement(view));
    expect(agreement(readClusterNodes(VIEW.replace('100-199', '100-198')))).not.toBe(agreement(view));
  });
});
