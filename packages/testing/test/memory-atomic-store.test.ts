import { beforeEach, describe, expect, test } from '@jest/globals';
import { FakeClock, MemoryAtomicStore, MemorySharedBackend } from '@recollect/testing';
import type { ClaimRequest } from 'recollect';

const data = Uint8Array.from([1, 2, 3]);
const A = 'a'.repeat(32);
const B = 'b'.repeat(32);

function asking(key: string, change: Partial<ClaimRequest> = {}): ClaimRequest {
  return {
    key,
    mode: 'at_least_once',
    token: A,
    epoch: 'e1',
    leaseMs: 100,
    retentionMs: 10_000,
    ignore: undefined,
    supersede: undefined,
    numbered: true,
    ...change,
  };
}

let clock: FakeClock;
let backend: MemorySharedBackend;
beforeEach(() => {
  clock = new FakeClock();
  backend = new MemorySharedBackend({ clock });
});

const kindOf = async (key: string, through = backend) =>
  (await through.atomic.claim(asking(key, { token: B }))).kind;

describe('the leases of a backend in memory', () => {
  test('are one object per backend, and one set per store', async () => {
    expect(backend.atomic).toBe(backend.atomic);
    const peer = new MemorySharedBackend({ clock, records: backend.records });
    const alone = new MemoryAtomicStore({ clock, records: backend.records });
    const stranger = new MemorySharedBackend({ clock });
    await backend.atomic.claim(asking('k'));
    expect(await kindOf('k', peer)).toBe('busy');
    expect((await alone.claim(asking('k', { token: B }))).kind).toBe('busy');
    expect(await kindOf('k', stranger)).toBe('granted');
  });

  test('survive a deletion of records, and break when the prefix is cleared', async () => {
    for (const key of ['users:1', 'users:2', 'usersAbc:1']) {
      await backend.atomic.claim(asking(key));
      await backend.write([{ key, data, ttlMs: 1_000 }]);
    }
    await backend.delete(['users:1', 'users:2', 'usersAbc:1']);
    expect(await kindOf('users:1')).toBe('busy');
    const told: string[] = [];
    backend.atomic.listen('users:2', () => told.push('users:2'));
    expect(await backend.clear('users:')).toBe(0);
    expect(await Promise.all(['users:1', 'users:2', 'usersAbc:1'].map((key) => kindOf(key)))).toEqual([
      'granted',
      'granted',
      'busy',
    ]);
    expect(told).toEqual(['users:2']);
  });

  test('tell listeners before the operation resolves, and only those who still listen', async () => {
    const told: string[] = [];
    const stop = backend.atomic.listen('k', () => {
      told.push('first');
      stopSecond();
    });
    const stopSecond = backend.atomic.listen('k', () => told.push('second'));
    await backend.atomic.invalidate(['k']);
    expect(told).toEqual(['first']);
    stop();
    stop();
    await backend.atomic.invalidate(['k']);
    expect(told).toEqual(['first']);
  });

  test('a function that listens twice is ended twice', async () => {
    let count = 0;
    const listener = () => {
      count += 1;
    };
    const [stop] = [backend.atomic.listen('k', listener), backend.atomic.listen('k', listener)];
    await backend.atomic.invalidate(['k']);
    expect(count).toBe(2);
    stop();
    await backend.atomic.invalidate(['k']);
    expect(count).toBe(3);
  });

  test('a renewed lease outlives a retention that is shorter', async () => {
    const short = { mode: 'at_most_once', retentionMs: 50 } as const;
    const claimed = await backend.atomic.claim(asking('k', short));
    if (claimed.kind !== 'granted') throw new Error(claimed.kind);
    clock.advance(99);
    expect(await kindOf('k')).toBe('busy');
    expect(await backend.atomic.renew(claimed.lease, 100)).toBe(true);
    clock.advance(99);
    expect(await kindOf('k')).toBe('busy');
    clock.advance(1);
    expect(await kindOf('k')).toBe('granted');
  });

  test('close with the backend, also when asked for only then; one backend closes none but its own', async () => {
    const peer = new MemorySharedBackend({ clock, records: backend.records });
    let told = 0;
    backend.atomic.listen('k', () => {
      told += 1;
    });
    const late = new MemorySharedBackend({ clock, records: backend.records });
    await Promise.all([backend.close(), late.close()]);
    await peer.atomic.invalidate(['k']);
    expect(told).toBe(0);
    late.atomic.listen('k', () => {
      told += 1;
    });
    await peer.atomic.settle({ key: 'k', data, ttlMs: 1_000 });
    expect(told).toBe(0);
    for (const closed of [backend, late])
      await expect(closed.atomic.claim(asking('k'))).rejects.toMatchObject({
        code: 'ERR_BACKEND',
        backend: 'MemorySharedBackend',
        operation: 'claim',
      });
  });

  test.each([
    [{ token: 'a' }, "token is 'a'; it accepts 32 hex digits"],
    [{ token: 'g'.repeat(32) }, 'it accepts 32 hex digits'],
    [{ epoch: 'e 1' }, "epoch is 'e 1'; it accepts text without spaces"],
    [{ leaseMs: 0 }, 'leaseMs is 0; it accepts a whole number of milliseconds from 1'],
    [{ leaseMs: 1.5 }, 'leaseMs is 1.5;'],
    [{ retentionMs: Number.POSITIVE_INFINITY }, 'retentionMs is Infinity;'],
  ])('refuse %p, which another store might misread', async (change, message) => {
    const claiming = backend.atomic.claim(asking('k', change));
    await expect(claiming).rejects.toMatchObject({ code: 'ERR_CONFIGURATION' });
    await expect(claiming).rejects.toThrow(message);
  });
});

test('a backend in memory tells the lives that were asked for, and no others', async () => {
  await backend.write(['a', 'b', 'c'].map((key) => ({ key, data, ttlMs: 1_000 })));
  const lives = async (count?: number) =>
    (await backend.read(['a', 'b', 'c'], count)).map((record) => record?.ttlMs);
  const unknown = Number.POSITIVE_INFINITY;
  expect(await lives()).toEqual([1_000, 1_000, 1_000]);
  expect(await lives(1)).toEqual([1_000, unknown, unknown]);
  expect(await lives(0)).toEqual([unknown, unknown, unknown]);
});
