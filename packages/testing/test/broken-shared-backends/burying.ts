import { MemorySharedBackend } from '@recollect/testing';
import type { Tombstone } from 'recollect';
import type { Broken, BrokenBackends } from './broken.js';

const burying = (
  bury: (backend: MemorySharedBackend, keys: readonly string[], tombstone: Tombstone) => Promise<number>,
): Broken =>
  class extends MemorySharedBackend {
    override delete(keys: readonly string[], tombstone?: Tombstone) {
      return tombstone === undefined ? super.delete(keys) : bury(this, keys, tombstone);
    }
  };

const inPlace = 'leaves a tombstone in the place of each deleted record';
const anywhere = 'leaves a tombstone also where there was no record';

export const BROKEN_BURYING: BrokenBackends = [
  ['forgets the tombstone', burying((backend, keys) => backend.delete(keys)), [inPlace, anywhere]],
  [
    'leaves a tombstone only where there was a record',
    burying(async (backend, keys, tombstone) => {
      const there = keys.filter((key) => backend.records.has(key));
      await backend.write(there.map((key) => ({ key, ...tombstone })));
      return there.length;
    }),
    [anywhere],
  ],
  [
    'lets tombstones live for ever',
    burying(async (backend, keys, { data }) => {
      await backend.write(keys.map((key) => ({ key, data, ttlMs: Number.POSITIVE_INFINITY })));
      return keys.length;
    }),
    ['lets a tombstone end at its life'],
  ],
];
