import diagnostics from 'node:diagnostics_channel';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { ChaosSharedBackend, FakeClock, MemorySharedBackend } from '@recollect/testing';
import { type BackendHealth, type CacheEvents, createCache, type Observer } from 'recollect';

const NAMES = ['miss', 'load', 'bypass', 'remove', 'failure', 'degraded', 'warning'] as const;
const ends: (() => void)[] = [];

afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** All that is published on these channels from now on, in order. */
function heard(...names: (keyof CacheEvents)[]): [name: string, message: unknown][] {
  const messages: [string, unknown][] = [];
  for (const name of names) {
    const listen = (message: unknown): void => void messages.push([name, message]);
    diagnostics.subscribe(`recollect:${name}`, listen);
    ends.push(() => diagnostics.unsubscribe(`recollect:${name}`, listen));
  }
  return messages;
}

class Ailing extends MemorySharedBackend {
  ailment: string | undefined;
  health(): BackendHealth {
    return {
      degraded: this.ailment !== undefined,
      reasons: this.ailment === undefined ? [] : [this.ailment],
    };
  }
}

describe('what happens is published', () => {
  test('as misses, loads, removals and bypasses', async () => {
    const messages = heard('miss', 'load', 'bypass', 'remove');
    const clock = new FakeClock();
    const cache = createCache({ namespace: 'shop', clock });
    const error = new RangeError('none');
    const find = cache.cachedFunction(
      async (n: unknown) => {
        clock.advance(3);
        if (n === 0) throw error;
        return n;
      },
      { name: 'find', hours: 1 },
    );
    await find(1);
    await find.invalidate(1);
    await find(0).catch(() => {});
    await find('x'.repeat(300_000));
    expect(messages).toStrictEqual([
      ['miss', { namespace: 'shop', site: 'find' }],
      ['load', { namespace: 'shop', site: 'find', ms: 3 }],
      ['remove', { namespace: 'shop', cause: 'deleted' }],
      ['miss', { namespace: 'shop', site: 'find' }],
      ['load', { namespace: 'shop', site: 'find', ms: 3, error }],
      ['bypass', { namespace: 'shop', site: 'find', reason: 'uncacheable-arguments' }],
    ]);
    expect(messages.every(([, message]) => Object.isFrozen(message))).toBe(true);
  });

  test('as failures with their reason, which the observer hears as well', async () => {
    const messages = heard('failure');
    const failure = jest.fn<NonNullable<Observer['failure']>>();
    const shared = new ChaosSharedBackend(new MemorySharedBackend(), [{ operation: 'read', fault: 'throw' }]);
    const cache = createCache({ shared: { kind: shared }, observer: { failure } });
    await cache.cachedFunction(async () => 1, { name: 'one' })();
    await cache.settled();
    const said = { operation: 'read', site: 'one', error: expect.any(Error) };
    expect(failure.mock.calls).toEqual([[said, 'shared-read-failed']]);
    expect(messages).toEqual([
      ['failure', { namespace: 'recollect', ...said, reason: 'shared-read-failed' }],
    ]);
  });

  test('as warnings, which then need not stand on the console', () => {
    const messages = heard('warning');
    const warn = jest.spyOn(console, 'warn').mockImplementation(() => {});
    const cache = createCache({ production: true, shared: { kind: MemorySharedBackend } });
    class Rows {
      constructor(readonly id: string) {}
      @cache.cached({ name: 'rows' }) async all() {
        return this.id;
      }
    }
    void new Rows('a').all();
    void new Rows('b').all();
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
    expect(messages).toEqual([
      ['warning', { namespace: 'recollect', message: expect.stringContaining('rows') }],
    ]);
  });

  test('as health of the shared tier, when it is degraded and when it has recovered', async () => {
    const messages = heard('degraded');
    const degraded = jest.fn<NonNullable<Observer['degraded']>>();
    const clock = new FakeClock();
    const inner = new Ailing();
    const shared = new ChaosSharedBackend(inner);
    Object.assign(shared, { health: () => inner.health() });
    const cache = createCache({ clock, shared: { kind: shared }, observer: { degraded } });
    shared.script.rewrite([{ operation: 'read', fault: 'throw' }]);
    inner.ailment = 'reads are not sent';
    await expect(cache.get('k')).rejects.toThrow();
    await expect(cache.get('k')).rejects.toThrow();
    inner.ailment = undefined;
    clock.advance(999);
    expect(messages).toHaveLength(1);
    clock.advance(1);
    expect(messages).toEqual([
      ['degraded', { namespace: 'recollect', degraded: true, reasons: ['reads are not sent'] }],
      ['degraded', { namespace: 'recollect', degraded: false, reasons: [] }],
    ]);
    expect(degraded.mock.calls.map(([change]) => change.degraded)).toEqual([true, false]);
    expect(clock.pending).toBe(0);
  });
});

describe('nothing is published', () => {
  test('and nothing looked up, where the runtime has no such module', async () => {
    const builtin = Reflect.get(process, 'getBuiltinModule');
    Reflect.set(process, 'getBuiltinModule', undefined);
    try {
      const messages = heard(...NAMES);
      await createCache().cachedFunction(async () => 1, { name: 'one' })();
      expect(messages).toEqual([]);
    } finally {
      Reflect.set(process, 'getBuiltinModule', builtin);
    }
  });

  test('and no message made, while nobody has subscribed', async () => {
    const freeze = jest.spyOn(Object, 'freeze');
    const cache = createCache({ namespace: 'silent' });
    const one = cache.cachedFunction(async () => 1, { name: 'one' });
    const made = (): unknown[] =>
      freeze.mock.calls.filter(([value]) => (value as { namespace?: unknown }).namespace === 'silent');
    try {
      // The configuration that can be read is one such object.
      const before = made().length;
      await one();
      expect(made()).toHaveLength(before);
      heard('load');
      await one.refresh();
      expect(made()).toHaveLength(before + 1);
    } finally {
      freeze.mockRestore();
    }
  });
});

test('an observer that throws keeps nothing from the channels', async () => {
  const messages = heard('load');
  const load = (): never => {
    throw new Error('observer');
  };
  await createCache({ observer: { load } }).cachedFunction(async () => 1, { name: 'one' })();
  expect(messages).toHaveLength(1);
});
