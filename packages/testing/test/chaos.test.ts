import { describe, expect, test } from '@jest/globals';
import {
  ChaosSerializer,
  ChaosSharedBackend,
  gate,
  MemorySharedBackend,
  type SharedOperation,
  sharedBackendContract,
} from '@recollect/testing';
import type { AtomicStore, ClaimRequest, Lease, Serializer, SharedBackend } from 'recollect';

const data = Uint8Array.from([1, 2, 3]);
const record = { key: 'k', data, ttlMs: 1_000 };

sharedBackendContract({
  name: 'ChaosSharedBackend without faults',
  create: () => new ChaosSharedBackend(new MemorySharedBackend()),
});

describe('a chaotic shared backend', () => {
  test('strikes the call that the script names, and no other', async () => {
    const chaos = new ChaosSharedBackend(new MemorySharedBackend(), [
      { operation: 'read', nth: 2, fault: 'throw' },
    ]);
    await chaos.read(['k']);
    await chaos.write([record]);
    await expect(chaos.read(['k'])).rejects.toMatchObject({ code: 'ERR_BACKEND', operation: 'read' });
    expect(await chaos.read(['k'])).toHaveLength(1);
    expect(chaos.script.calls('read')).toBe(3);
    expect(chaos.script.calls('clear')).toBe(0);
  });

  test('strikes every call where no number is given, until the script is rewritten', async () => {
    const chaos = new ChaosSharedBackend(new MemorySharedBackend(), [{ operation: 'clear', fault: 'throw' }]);
    await expect(chaos.clear('')).rejects.toThrow('scripted fault in call 1');
    await expect(chaos.clear('')).rejects.toThrow('scripted fault in call 2');
    chaos.script.rewrite([{ operation: 'clear', nth: 4, fault: 'throw' }]);
    expect(await chaos.clear('')).toBe(0);
    await expect(chaos.clear('')).rejects.toThrow('scripted fault in call 4');
  });

  test('does nothing when it throws, and everything when only the reply is lost', async () => {
    const inner = new MemorySharedBackend();
    const chaos = new ChaosSharedBackend(inner, [
      { operation: 'write', nth: 1, fault: 'throw' },
      { operation: 'write', nth: 2, fault: 'lose-reply' },
    ]);
    await expect(chaos.write([record])).rejects.toMatchObject({ code: 'ERR_BACKEND' });
    expect(inner.records.has('k')).toBe(false);
    await expect(chaos.write([record])).rejects.toMatchObject({ code: 'ERR_BACKEND' });
    expect(inner.records.has('k')).toBe(true);
  });

  test('rejects with the error it is given', async () => {
    const error = new Error('LOADING Redis is loading the dataset in memory');
    const chaos = new ChaosSharedBackend(new MemorySharedBackend(), [{ operation: 'add', fault: error }]);
    await expect(chaos.add(record)).rejects.toBe(error);
  });

  test('hangs until it is closed', async () => {
    const chaos = new ChaosSharedBackend(new MemorySharedBackend(), [{ operation: 'delete', fault: 'hang' }]);
    let settled = false;
    const deleting = chaos.delete(['k']).finally(() => {
      settled = true;
    });
    deleting.catch(() => {});
    await new Promise((resolve) => setImmediate(resolve));
    expect(settled).toBe(false);
    await chaos.close();
    await expect(deleting).rejects.toMatchObject({ code: 'ERR_BACKEND' });
  });

  test('waits at a gate, before anything is done', async () => {
    const inner = new MemorySharedBackend();
    const [door, wall] = [gate(), gate()];
    const chaos = new ChaosSharedBackend(inner, [
      { operation: 'write', nth: 1, fault: door },
      { operation: 'write', nth: 2, fault: wall },
    ]);
    const writing = chaos.write([record]);
    await door.arrived;
    expect(inner.records.has('k')).toBe(false);
    door.open();
    expect(await writing).toBe(true);
    expect(inner.records.has('k')).toBe(true);
    wall.fail(new Error('turned away'));
    await expect(chaos.write([record])).rejects.toThrow('turned away');
  });

  test('fails a scan where it begins', async () => {
    const chaos = new ChaosSharedBackend(new MemorySharedBackend(), [{ operation: 'scan', fault: 'throw' }]);
    const scan = chaos.scan('')[Symbol.asyncIterator]();
    await expect(scan.next()).rejects.toMatchObject({ operation: 'scan' });
  });

  test.each([0, 1.5, -1])('refuses a call numbered %p', (nth) => {
    expect(
      () => new ChaosSharedBackend(new MemorySharedBackend(), [{ operation: 'read', nth, fault: 'throw' }]),
    ).toThrow(`nth is ${nth}; it accepts a whole number from 1`);
  });
});

describe('leases of a chaotic shared backend', () => {
  const lease: Lease = { key: 'k', mode: 'at_most_once', token: 'a'.repeat(32), epoch: 'e', fence: 1 };
  const request: ClaimRequest = {
    ...lease,
    leaseMs: 1_000,
    retentionMs: 1_000,
    ignore: undefined,
    supersede: undefined,
    numbered: true,
  };
  const operations: readonly (readonly [SharedOperation & keyof AtomicStore, readonly unknown[], unknown])[] =
    [
      ['claim', [request], { kind: 'granted', lease }],
      ['renew', [lease, 1_000], true],
      ['commit', [lease, record], 'stored'],
      ['release', [lease], undefined],
      ['settle', [record], undefined],
      ['invalidate', [['k']], 3],
    ];

  /** A backend whose leases only write down what they are asked, and answer as if all went well. */
  function noting() {
    const noted: (readonly unknown[])[] = [];
    const atomic = Object.fromEntries(
      operations.map(([operation, , result]) => [
        operation,
        async (...given: readonly unknown[]) => {
          noted.push([operation, ...given]);
          return result;
        },
      ]),
    );
    const backend: SharedBackend = Object.defineProperty(new MemorySharedBackend(), 'atomic', {
      value: atomic,
    });
    return { backend, noted };
  }

  const ask = (chaos: ChaosSharedBackend, operation: SharedOperation, given: readonly unknown[]) =>
    (chaos.atomic as unknown as Record<string, (...given: readonly unknown[]) => Promise<unknown>>)[
      operation
    ]?.(...given);

  test('are absent where the other backend has none', () => {
    const bare = Object.defineProperty(new MemorySharedBackend(), 'atomic', { value: undefined });
    expect(new ChaosSharedBackend(bare).atomic).toBeUndefined();
  });

  test('are by default what they are with the other backend', () => {
    const modal = Object.assign(new MemorySharedBackend(), { atomicByDefault: 'at_most_once' as const });
    expect(new ChaosSharedBackend(modal).atomicByDefault).toBe('at_most_once');
    expect(new ChaosSharedBackend(new MemorySharedBackend()).atomicByDefault).toBeUndefined();
  });

  test.each(operations)('%s is passed on, or struck', async (operation, given, result) => {
    const { backend, noted } = noting();
    const error = new Error('READONLY');
    const door = gate();
    const chaos = new ChaosSharedBackend(backend, [
      { operation, nth: 1, fault: 'throw' },
      { operation, nth: 2, fault: error },
      { operation, nth: 3, fault: 'lose-reply' },
      { operation, nth: 4, fault: door },
    ]);
    await expect(ask(chaos, operation, given)).rejects.toMatchObject({ code: 'ERR_BACKEND', operation });
    await expect(ask(chaos, operation, given)).rejects.toBe(error);
    expect(noted).toEqual([]);
    await expect(ask(chaos, operation, given)).rejects.toThrow('scripted fault in call 3');
    expect(noted).toEqual([[operation, ...given]]);
    const waiting = ask(chaos, operation, given);
    await door.arrived;
    expect(noted).toHaveLength(1);
    door.open();
    expect(await waiting).toBe(result);
    expect(await ask(chaos, operation, given)).toBe(result);
    expect(noted).toEqual(Array.from({ length: 3 }, () => [operation, ...given]));
    expect(chaos.script.calls(operation)).toBe(5);
  });

  test.each(['the backend', 'its leases'])('hang until %s are closed', async (whose) => {
    const chaos = new ChaosSharedBackend(new MemorySharedBackend(), [{ operation: 'claim', fault: 'hang' }]);
    let settled = false;
    const claiming = (chaos.atomic as AtomicStore).claim(request).finally(() => {
      settled = true;
    });
    claiming.catch(() => {});
    await new Promise((resolve) => setImmediate(resolve));
    expect(settled).toBe(false);
    await (whose === 'the backend' ? chaos : chaos.atomic)?.close();
    await expect(claiming).rejects.toMatchObject({ code: 'ERR_BACKEND' });
  });

  test('pass on who listens', async () => {
    const inner = new MemorySharedBackend();
    const chaos = new ChaosSharedBackend(inner);
    let told = 0;
    const stop = chaos.atomic?.listen('k', () => {
      told += 1;
    });
    await inner.atomic.invalidate(['k']);
    stop?.();
    await inner.atomic.invalidate(['k']);
    expect(told).toBe(1);
  });
});

describe('a chaotic serializer', () => {
  const inner: Serializer = {
    id: 'one-byte',
    accepts: (value) => typeof value === 'number',
    encode: (value) => Uint8Array.from([Number(value)]),
    decode: (bytes) => bytes[0],
  };

  test('throws where the script says so, and is the other one elsewhere', () => {
    const error = new Error('no such reference');
    const chaos = new ChaosSerializer(inner, [
      { operation: 'encode', nth: 2, fault: 'throw' },
      { operation: 'decode', nth: 1, fault: error },
    ]);
    const encoded = chaos.encode(7);
    expect(encoded).toEqual(Uint8Array.from([7]));
    expect(() => chaos.encode(7)).toThrow('scripted fault in call 2 of encode');
    expect(() => chaos.decode(encoded)).toThrow(error);
    expect(chaos.decode(encoded)).toBe(7);
    expect([chaos.id, chaos.accepts(1), chaos.accepts('1')]).toEqual(['one-byte', true, false]);
    expect([chaos.script.calls('encode'), chaos.script.calls('decode')]).toEqual([2, 2]);
  });

  test('accepts everything when the other one does', () => {
    const { accepts: _, ...open } = inner;
    expect(new ChaosSerializer(open).accepts(undefined)).toBe(true);
  });
});
