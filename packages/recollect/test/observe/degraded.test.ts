import { describe, expect, test } from '@jest/globals';
import { ChaosSharedBackend, MemorySharedBackend, type ScriptedSharedFault } from '@recollect/testing';
import {
  BackendError,
  type CacheConfig,
  createCache,
  type DegradedReason,
  type Failure,
  KeyError,
  type LocalEntry,
  SerializationError,
  type SharedWrite,
  SimpleCache,
} from 'recollect';
import { limitOf, noneDegraded, reasonOf } from '../../src/observe/degraded.js';
import { OverloadError } from '../../src/resilience/bulkhead.js';
import { OpenCircuitError } from '../../src/resilience/circuit-breaker.js';
import { DeadlineError } from '../../src/resilience/deadlines.js';
import { TooLargeError } from '../../src/serializers/too-large-error.js';

const late = new DeadlineError('late');
const of = (cause: unknown): BackendError => new BackendError('B', 'read', cause);

describe('the reason of a failure', () => {
  test.each<[Failure, DegradedReason]>([
    [{ operation: 'read', error: of(new Error('x')) }, 'shared-read-failed'],
    [{ operation: 'write', error: of(new Error('x')) }, 'shared-write-failed'],
    [{ operation: 'delete', error: of(new Error('x')) }, 'shared-delete-failed'],
    [{ operation: 'read', error: of(late) }, 'deadline'],
    [{ operation: 'write', error: of(new OverloadError()) }, 'overload'],
    [{ operation: 'read', error: of(new OpenCircuitError('reads', late)) }, 'breaker-open'],
    [{ operation: 'delete', error: of(late) }, 'deadline'],
    [{ operation: 'delete', site: 's', error: of(late) }, 'invalidation-failed'],
    [{ operation: 'delete', error: new KeyError('no key', 0) }, 'invalidation-failed'],
    [{ operation: 'decode', error: new SerializationError('x') }, 'undecodable'],
    [{ operation: 'decode', error: new TooLargeError('x') }, 'too-large'],
    [{ operation: 'encode', error: new SerializationError('x') }, 'unencodable'],
    [{ operation: 'encode', error: new TooLargeError('x') }, 'too-large'],
    [{ operation: 'encode', error: new RangeError('ttl') }, 'callback-failed'],
    [{ operation: 'encode', error: undefined }, 'callback-failed'],
    [{ operation: 'read', tier: 'local', error: of(late) }, 'local-failed'],
    [{ operation: 'lease', site: 's', error: of(late) }, 'lease-unavailable'],
    [{ operation: 'background', error: new OpenCircuitError('reads', late) }, 'background'],
  ])('%# %j is %s', (failure, reason) => expect(reasonOf(failure)).toBe(reason));

  test('is one of those that are counted', () => {
    const counts = noneDegraded();
    expect(Object.values(counts).every((count) => count === 0)).toBe(true);
    expect(noneDegraded()).not.toBe(counts);
  });

  test('is known of whatever was thrown', () => {
    for (const error of [undefined, null, 'DeadlineError', 7, {}, { name: 'DeadlineError' }])
      expect(limitOf(error)).toBeUndefined();
    // The names are what errors of a guard are told by.
    expect([late.name, new OverloadError().name, new OpenCircuitError('x', late).name]).toEqual([
      'DeadlineError',
      'OverloadError',
      'OpenCircuitError',
    ]);
  });
});

describe('stats().degraded', () => {
  const counted = async (
    config: CacheConfig,
    use: (cache: ReturnType<typeof createCache>) => Promise<unknown>,
  ): Promise<object> => {
    const cache = createCache({ observer: { warning: () => {} }, ...config });
    await use(cache);
    await cache.settled();
    const { degraded, failures } = cache.stats();
    const { bypassed, ...others } = degraded;
    const notFailures = others['fill-refused'] + others['lease-lost'];
    expect(Object.values(others).reduce((sum, count) => sum + count, 0)).toBe(failures + notFailures);
    return Object.fromEntries(Object.entries({ bypassed, ...others }).filter(([, count]) => count > 0));
  };
  const chaos = (...faults: ScriptedSharedFault[]): CacheConfig => ({
    shared: { kind: new ChaosSharedBackend(new MemorySharedBackend(), faults) },
  });
  const call = (result: unknown) => async (cache: ReturnType<typeof createCache>) =>
    cache.cachedFunction(async () => result, { name: 'site', hours: 1 })();

  test('counts reads and writes of the shared tier that failed', async () => {
    expect(await counted(chaos({ operation: 'read', fault: 'throw' }), call(1))).toEqual({
      'shared-read-failed': 1,
    });
    expect(await counted(chaos({ operation: 'fill', fault: 'throw' }), call(1))).toEqual({
      'shared-write-failed': 1,
    });
    expect(await counted(chaos({ operation: 'read', fault: of(late) }), call(1))).toEqual({ deadline: 1 });
  });

  test('counts a value that nothing carries', async () => {
    expect(
      await counted(
        { local: { kind: 'NullCache' }, ...chaos() },
        call(() => 1),
      ),
    ).toEqual({
      unencodable: 1,
    });
  });

  test('counts an invalidation that did not reach the shared tier', async () => {
    const faults: ScriptedSharedFault[] = [
      { operation: 'write', fault: 'throw' },
      { operation: 'delete', fault: 'throw' },
    ];
    const drop = async (cache: ReturnType<typeof createCache>) =>
      cache.cachedFunction(async () => 1, { name: 'site' }).invalidate();
    expect(await counted(chaos(...faults), drop)).toEqual({ 'invalidation-failed': 1 });
  });

  test('counts damaged records, also those that are met by hand', async () => {
    class Damaged extends MemorySharedBackend {
      override async read(keys: readonly string[]) {
        const records = await super.read(keys);
        return records.map((record, at) =>
          at === 0 && record ? { ...record, data: record.data.fill(0) } : record,
        );
      }
    }
    const shared = { kind: new Damaged({ corrupt: 'heal' }) };
    const read = async (cache: ReturnType<typeof createCache>) => {
      await cache.set('k', 1);
      return cache.get('k');
    };
    expect(await counted({ local: { kind: 'NullCache' }, shared }, read)).toEqual({ undecodable: 1 });
    const ask = async (cache: ReturnType<typeof createCache>) => {
      await cache.set('k', 1);
      return cache.ttl('k');
    };
    expect(await counted({ local: { kind: 'NullCache' }, shared }, ask)).toEqual({ undecodable: 1 });
    const has = async (cache: ReturnType<typeof createCache>) => {
      const site = cache.cachedFunction(async () => 1, { name: 'site' });
      await site();
      await cache.settled();
      return site.has();
    };
    expect(await counted({ local: { kind: 'NullCache' }, shared }, has)).toEqual({ undecodable: 1 });
    const memory = new MemorySharedBackend({ corrupt: 'raise' });
    const leased = async (cache: ReturnType<typeof createCache>) => {
      const site = cache.cachedFunction(async () => 1, { name: 'leased', lease: true });
      await site();
      await memory.write([{ key: site.key() as string, data: new Uint8Array(80), ttlMs: 1_000 }]);
      return site();
    };
    expect(await counted({ local: { kind: 'NullCache' }, shared: { kind: memory } }, leased)).toEqual({
      undecodable: 1,
    });
  });

  test('counts callbacks that threw, calls that were passed on, and a local tier that threw', async () => {
    const ttl = (): never => {
      throw new Error('ttl');
    };
    const failing = async (cache: ReturnType<typeof createCache>) =>
      cache.cachedFunction(async () => 1, { name: 'site', ttl })();
    expect(await counted({}, failing)).toEqual({ 'callback-failed': 1 });

    const huge = async (cache: ReturnType<typeof createCache>) =>
      cache.cachedFunction(async (_: string) => 1, { name: 'site' })('x'.repeat(300_000));
    expect(await counted({}, huge)).toEqual({ bypassed: 1 });

    class Broken extends SimpleCache {
      override get(): LocalEntry | undefined {
        throw new RangeError('get');
      }
    }
    expect(await counted({ local: { kind: Broken } }, call(1))).toEqual({ 'local-failed': 1 });
  });

  test('counts results that came too late', async () => {
    const shared = new MemorySharedBackend();
    class Taken extends MemorySharedBackend {
      override async fill(record: SharedWrite, expected: Uint8Array | undefined) {
        await super.write([record]);
        return super.fill(record, expected);
      }
    }
    expect(await counted({ shared: { kind: shared } }, call(1))).toEqual({});
    expect(await counted({ shared: { kind: Taken } }, call(1))).toEqual({ 'fill-refused': 1 });
  });

  test('counts leases that could not be had, and those that were lost', async () => {
    const leased = (work: () => Promise<unknown> = async () => 1) => {
      return async (cache: ReturnType<typeof createCache>) =>
        cache.cachedFunction(work, { name: 'site', hours: 1, lease: true })();
    };
    expect(await counted(chaos({ operation: 'claim', fault: 'throw' }), leased())).toEqual({
      'lease-unavailable': 1,
    });
    expect(await counted(chaos({ operation: 'commit', fault: 'throw' }), leased())).toEqual({
      'shared-write-failed': 1,
    });
    const shared = new MemorySharedBackend();
    const overtaken = async (cache: ReturnType<typeof createCache>) => {
      const site = cache.cachedFunction(
        async (): Promise<number> => {
          // As another process would.
          await shared.atomic.invalidate([site.key() as string]);
          return 1;
        },
        { name: 'site', hours: 1, lease: true },
      );
      return site();
    };
    expect(await counted({ shared: { kind: shared } }, overtaken)).toEqual({ 'lease-lost': 1 });
  });

  test('counts what a backend keeps to itself', async () => {
    class Quiet extends MemorySharedBackend {
      constructor(
        _options: object,
        private readonly context: { report(failure: Failure): void },
      ) {
        super();
      }
      override async read(keys: readonly string[]) {
        this.context.report({ operation: 'read', error: of(late) });
        return keys.map(() => undefined);
      }
    }
    const cache = createCache({ shared: { kind: Quiet } });
    expect(await cache.get('k')).toBeUndefined();
    expect(cache.stats()).toMatchObject({
      degraded: { deadline: 1 },
      failures: 1,
      shared: { failures: 1, deadlines: 1 },
    });
  });
});
