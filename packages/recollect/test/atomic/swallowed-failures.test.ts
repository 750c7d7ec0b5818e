import { expect, test } from '@jest/globals';
import { FakeClock, gate, type MemoryAtomicStore, MemorySharedBackend } from '@recollect/testing';
import { createCache } from 'recollect';

/** A backend that never rejects, and answers as if empty when it cannot read; its leases tell the truth. */
class NeverRejecting extends MemorySharedBackend {
  isAway = false;

  override async read(keys: readonly string[], lives?: number) {
    return this.isAway ? keys.map(() => undefined) : super.read(keys, lives);
  }

  override async add(record: Parameters<MemorySharedBackend['add']>[0]) {
    return this.isAway ? record.data : super.add(record);
  }

  override get atomic(): MemoryAtomicStore {
    const store = super.atomic;
    const read = async (keys: readonly string[], lives?: number) => {
      if (this.isAway) throw new Error('it is away');
      return super.read(keys, lives);
    };
    return Object.assign(Object.create(store), { read, claim: store.claim.bind(store) }) as MemoryAtomicStore;
  }
}

test('one who cannot read breaks nobody’s claim, though its backend swallows the failure', async () => {
  const clock = new FakeClock();
  const records: MemorySharedBackend['records'] = new Map();
  let starts = 0;
  const reply = gate<string>();
  const join = (backend: MemorySharedBackend) =>
    createCache({ clock, local: { kind: 'NullCache' }, shared: { kind: backend } }).cachedFunction(
      async (_key: string) => {
        starts += 1;
        return reply.opened;
      },
      { name: 'read', hours: 1, atomicWrites: 'at_most_once' },
    );
  const holder = join(new MemorySharedBackend({ records, clock }));
  const blind = new NeverRejecting({ records, clock });
  const other = join(blind);
  const first = holder('k');
  await reply.arrived;
  blind.isAway = true;
  await expect(other('k')).rejects.toMatchObject({ kind: 'unavailable' });
  blind.isAway = false;
  reply.open('value');
  expect([await first, await other('k')]).toEqual(['value', 'value']);
  expect(starts).toBe(1);
});
