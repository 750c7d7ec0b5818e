import { MemorySharedBackend } from '@recollect/testing';
import type { SharedWrite } from 'recollect';
import { adding, type BrokenBackends, comparing, first, interruption, text } from './broken.js';

export const BROKEN_ATOMICITY: BrokenBackends = [
  [
    'counts the keys it was told to delete',
    class extends MemorySharedBackend {
      override async delete(keys: readonly string[]) {
        await super.delete(keys);
        return keys.length;
      }
    },
    ['deletes and says how many there were', 'takes no inherited property for a record'],
  ],
  [
    'adds over what is there',
    adding(async (backend, record) => {
      await backend.write([record]);
      return record.data.slice();
    }),
    [
      'adds where nothing is and answers with what lies there',
      'does not add over empty data',
      'lets one of many concurrent adds win, and all of them agree',
    ],
  ],
  [
    'answers an add with what was offered',
    class extends MemorySharedBackend {
      override async add(record: SharedWrite) {
        await super.add(record);
        return record.data.slice();
      }
    },
    [
      'adds where nothing is and answers with what lies there',
      'lets one of many concurrent adds win, and all of them agree',
    ],
  ],
  [
    'looks, and then adds',
    adding(async (backend, record) => {
      const there = await first(backend, record.key);
      await interruption();
      if (there === undefined) await backend.write([record]);
      return there?.data ?? record.data.slice();
    }),
    [
      'lets one of many concurrent adds win, and all of them agree',
      'never lets an add take the place of a write',
    ],
  ],
  [
    'takes a shorter record for equal',
    comparing((stored, data) => text(data).startsWith(text(stored))),
    ['deletes what is equal and leaves what is not'],
  ],
  [
    'takes a longer record for equal',
    comparing((stored, data) => text(stored).startsWith(text(data))),
    ['deletes what is equal and leaves what is not'],
  ],
  [
    'compares as text',
    comparing((stored, data) => text(stored) === text(data)),
    ['compares bytes, not text'],
  ],
  [
    'compares lengths',
    comparing((stored, data) => stored.length === data.length),
    ['deletes what is equal and leaves what is not', 'compares bytes, not text'],
  ],
  [
    'never finds anything equal',
    comparing(() => false),
    ['deletes what is equal and leaves what is not', 'lets one of many concurrent comparing deletes succeed'],
  ],
  [
    'finds nothing equal to anything',
    comparing(() => false, true),
    ['deletes what is equal and leaves what is not', 'does not count, scan or compare what has expired'],
  ],
  [
    'compares, and then deletes',
    class extends MemorySharedBackend {
      override async deleteIfEqual(key: string, data: Uint8Array) {
        const record = await first(this, key);
        const equal = record !== undefined && Buffer.compare(record.data, data) === 0;
        await interruption();
        if (equal) await super.delete([key]);
        return equal;
      }
    },
    [
      'lets one of many concurrent comparing deletes succeed',
      'never deletes the newer record instead of the one compared',
    ],
  ],
  [
    'writes in two steps',
    class extends MemorySharedBackend {
      override async write(records: readonly SharedWrite[]) {
        for (const record of records) {
          const old = this.records.get(record.key)?.data ?? new Uint8Array(0);
          const torn = record.data.slice();
          torn.set(old.subarray(torn.length >> 1, torn.length), torn.length >> 1);
          await super.write([{ ...record, data: torn }]);
          await interruption();
          const half = this.records.get(record.key)?.data;
          half?.set(record.data.subarray(record.data.length >> 1), record.data.length >> 1);
        }
        return true;
      }
    },
    ['leaves one whole record of many concurrent writers, and shows whole ones meanwhile'],
  ],
  [
    'is on a store of its own',
    class extends MemorySharedBackend {
      constructor(options?: ConstructorParameters<typeof MemorySharedBackend>[0]) {
        super({ ...options, records: new Map() });
      }
    },
    ['shows to others what it has stored'],
  ],
];
