import { describe, expect, test } from '@jest/globals';
import { ChaosSharedBackend, gate, MemorySharedBackend } from '@recollect/testing';
import { createCache, type Serializer } from 'recollect';

const text: Serializer = {
  id: 'of-the-other-release',
  encode: (value) => new TextEncoder().encode(JSON.stringify(value)),
  decode: (data) => JSON.parse(new TextDecoder().decode(data)) as unknown,
};

describe('a value that only another release of the application can read', () => {
  const build = async () => {
    const records = new Map();
    const memory = () => new MemorySharedBackend({ records, corrupt: 'heal' });
    const theirs = createCache({
      shared: { kind: memory() },
      serializers: [text],
      local: { kind: 'NullCache' },
    });
    const ours = createCache({ shared: { kind: memory() }, local: { kind: 'NullCache' } });
    await theirs.set('k', { by: 'them' }, { serializer: text.id });
    return { theirs, ours };
  };

  test('is a miss, and left alone by reads and loads', async () => {
    const { theirs, ours } = await build();
    expect(await ours.get('k')).toBeUndefined();
    expect(await ours.getOrLoad('k', () => ({ by: 'us' }))).toEqual({ by: 'us' });
    await ours.settled();
    expect(await theirs.get('k')).toEqual({ by: 'them' });
  });

  test('is replaced by what is set and removed by a delete: the caller has said that it is wrong', async () => {
    const { theirs, ours } = await build();
    await ours.set('k', { by: 'us' });
    expect([await ours.get('k'), await theirs.get('k')]).toEqual([{ by: 'us' }, { by: 'us' }]);
    await theirs.set('k', { by: 'them' }, { serializer: text.id });
    expect(await ours.delete('k')).toBe(true);
    expect(await theirs.get('k')).toBeUndefined();
  });
});

describe('two runtimes over one shared backend', () => {
  const build = () => {
    const memory = new MemorySharedBackend();
    const chaos = new ChaosSharedBackend(memory);
    const make = (backend: ChaosSharedBackend | MemorySharedBackend) => {
      const cache = createCache({ local: { kind: 'NullCache' }, shared: { kind: backend } });
      return { cache, read: cache.cachedFunction((_key: string) => source(), { name: 'read', hours: 1 }) };
    };
    let source: () => Promise<string> = async () => 'old';
    return {
      memory,
      chaos,
      one: make(memory),
      two: make(chaos),
      from: (next: typeof source) => (source = next),
    };
  };

  test('a load in one that a clear of the other overtook is a miss for both', async () => {
    const { one, two, from } = build();
    const reply = gate<string>();
    from(() => reply.opened);
    const before = two.read('k');
    await reply.arrived;
    await one.cache.clear();
    from(async () => 'new');
    reply.open('old');
    expect(await before).toBe('old');
    await two.cache.settled();
    expect([await one.read('k'), await two.read('k')]).toEqual(['new', 'new']);
  });

  test('ids evicted between the read and the write of a load cost a miss, no more', async () => {
    const { memory, two, from } = build();
    const reply = gate<string>();
    from(() => reply.opened);
    const before = two.read('k');
    await reply.arrived;
    memory.records.clear();
    reply.open('old');
    await before;
    await two.cache.settled();
    from(async () => 'new');
    expect([await two.read('k'), await two.read('k')]).toEqual(['new', 'new']);
  });

  test('a backend that answers as if empty for a while brings nothing back', async () => {
    const { memory, one } = build();
    /** What a backend that never throws says while the server is away. */
    class Away extends MemorySharedBackend {
      away = false;
      override async read(keys: readonly string[]) {
        return this.away ? keys.map(() => undefined) : super.read(keys);
      }
      override async add(record: Parameters<MemorySharedBackend['add']>[0]) {
        return this.away ? record.data : super.add(record);
      }
    }
    const backend = new Away({ records: memory.records });
    const cache = createCache({ local: { kind: 'NullCache' }, shared: { kind: backend } });
    let value = 'old';
    const read = cache.cachedFunction(async (_key: string) => value, { name: 'read', hours: 1 });
    await read('k');
    await cache.settled();
    backend.away = true;
    value = 'written under an id that nobody has';
    await read('k');
    await cache.settled();
    backend.away = false;
    value = 'new';
    // What was there before is there still: nobody has declared it wrong.
    expect([await read('k'), await one.read('k')]).toEqual(['old', 'old']);
    await read.invalidate('k');
    expect([await read('k'), await one.read('k')]).toEqual(['new', 'old']);
  });

  test('the backend is closed by the last one that ends', async () => {
    const memory = new MemorySharedBackend();
    const [one, two] = [createCache({ shared: { kind: memory } }), createCache({ shared: { kind: memory } })];
    await one.close();
    await one.close();
    await two.set('k', 1);
    await two.close();
    await expect(memory.read(['k'])).rejects.toThrow('closed');
  });
});
