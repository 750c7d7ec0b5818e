import { describe, expect, test } from '@jest/globals';
import { ChaosSharedBackend, type Gate, gate, MemorySharedBackend } from '@recollect/testing';
import { createCache } from 'recollect';

/** A cache whose next read of the shared tier waits, so that a call has its key but its method has not begun. */
const lateLookUp = () => {
  const late = gate();
  const memory = new MemorySharedBackend();
  const shared = new ChaosSharedBackend(memory, [{ operation: 'read', nth: 1, fault: late }]);
  return { late, cache: createCache({ shared: { kind: shared } }) };
};

describe('what is changed between a call and the start of its method', () => {
  test('in an argument does not come to lie under the key of what it was', async () => {
    const { cache, late } = lateLookUp();
    const find = cache.cachedFunction(async (query: { id: number }) => `row ${query.id}`, {
      name: 'rows.find',
      hours: 1,
    });
    const query = { id: 1 };
    const first = find(query);
    await late.arrived;
    const joined = find({ id: 1 });
    query.id = 2;
    late.open();
    await first;
    expect(await joined).toBe('row 1');
    await cache.settled();
    expect(await find({ id: 1 })).toBe('row 1');
  });

  test('in an argument from which only `key` takes a part, neither', async () => {
    const { cache, late } = lateLookUp();
    const find = cache.cachedFunction(async (query: { id: number }) => `row ${query.id}`, {
      name: 'rows.find',
      hours: 1,
      key: (query: { id: number }) => [query.id],
    });
    const query = { id: 1 };
    const first = find(query);
    await late.arrived;
    query.id = 2;
    late.open();
    await first;
    expect(await find({ id: 1 })).toBe('row 1');
  });

  test('does not let those who joined fail for it', async () => {
    const { cache, late } = lateLookUp();
    const find = cache.cachedFunction(
      async (query: { id: number }) => {
        if (query.id === 2) throw new RangeError('no row 2');
        return `row ${query.id}`;
      },
      { name: 'rows.find', hours: 1 },
    );
    const query = { id: 1 };
    const first = find(query);
    await late.arrived;
    const joined = find({ id: 1 });
    query.id = 2;
    late.open();
    await expect(first).rejects.toThrow('no row 2');
    expect(await joined).toBe('row 1');
  });

  test('in the tenant of the instance does not show one tenant the rows of another', async () => {
    const { cache, late } = lateLookUp();
    class Rows {
      constructor(public tenant: string) {}
      @cache.cached({ hours: 1, name: 'rows', scope: (self: Rows) => self.tenant }) async all() {
        return `rows of ${this.tenant}`;
      }
    }
    const rows = new Rows('a');
    const first = rows.all();
    await late.arrived;
    const joined = new Rows('a').all();
    rows.tenant = 'b';
    late.open();
    await first;
    expect(await joined).toBe('rows of a');
    expect(await new Rows('a').all()).toBe('rows of a');
  });
});

describe('what is changed while the method runs', () => {
  test.each([true, false])('keeps tenants apart, too (localOnly: %s)', async (localOnly) => {
    let reply: Gate | undefined = gate();
    const cache = createCache({ shared: { kind: MemorySharedBackend } });
    class Rows {
      constructor(public tenant: string) {}
      @cache.cached({ hours: 1, name: 'rows', localOnly, scope: (self: Rows) => self.tenant }) async all() {
        await reply?.opened;
        return `rows of ${this.tenant}`;
      }
    }
    const rows = new Rows('a');
    const first = rows.all();
    await reply.arrived;
    const joined = new Rows('a').all();
    rows.tenant = 'b';
    reply.open();
    reply = undefined;
    expect(await first).toBe('rows of b');
    expect(await joined).toBe('rows of a');
    expect(await new Rows('a').all()).toBe('rows of a');
    expect(cache.stats().total).toMatchObject({ fenced: 1, loads: 2 });
  });

  test('by the method in its own arguments changes nothing', async () => {
    const cache = createCache({ shared: { kind: MemorySharedBackend } });
    let loads = 0;
    const find = cache.cachedFunction(
      async (query: { id: number; limit?: number }) => {
        loads += 1;
        query.limit ??= 10;
        return query.id;
      },
      { name: 'rows.find', hours: 1 },
    );
    await find({ id: 1 });
    await find({ id: 1 });
    expect(loads).toBe(1);
  });
});
