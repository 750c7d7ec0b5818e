import { describe, expect, test } from '@jest/globals';
import { ClientClosedError, SimpleError, SocketClosedUnexpectedlyError } from '@redis/client';
import { faultOf } from '../src/fault-of.js';

describe('what a failure says about the server', () => {
  test.each([
    ['unreachable', 'LOADING Redis is loading the dataset in memory'],
    ['unreachable', "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'."],
    ['unreachable', 'CLUSTERDOWN The cluster is down'],
    ['unreachable', 'BUSY Redis is busy running a script.'],
    ['unreachable', 'ERR max number of clients reached'],
    ['write', "OOM command not allowed when used memory > 'maxmemory'."],
    ['write', 'MISCONF Redis is configured to save RDB snapshots, but is unable to persist to disk.'],
    ['write', 'NOREPLICAS Not enough good replicas to write.'],
    ['write', "READONLY You can't write against a read only replica."],
    ['refused', 'NOAUTH Authentication required.'],
    ['refused', 'WRONGPASS invalid username-password pair or user is disabled.'],
    ['refused', 'NOPERM User nobody has no permissions'],
    ['refused', "ERR unknown command 'UNLINK'"],
    ['key', 'TRYAGAIN Multiple keys request during rehashing of slot'],
    ['key', 'CLUSTERDOWN Hash slot not served'],
    ['key', 'MOVED 3999 127.0.0.1:6381'],
    ['key', 'ASK 3999 127.0.0.1:6381'],
    ['key', 'WRONGTYPE Operation against a key holding the wrong kind of value'],
    ['key', 'ERR value is not an integer or out of range'],
    ['key', 'BUSYKEY Target key name already exists.'],
  ])('%s: %s', (kind, message) => {
    expect(faultOf(new SimpleError(message))).toBe(kind);
  });

  test.each<[string, unknown]>([
    ['a connection that was lost', new SocketClosedUnexpectedlyError()],
    ['a connection that was closed', new ClientClosedError()],
    ['an error of the network', Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })],
    ['words of a server that no server said', new Error('OOM')],
  ])('unreachable: %s', (_, error) => {
    expect(faultOf(error)).toBe('unreachable');
  });
});
