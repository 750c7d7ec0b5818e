import { type MemoryRecord, MemorySharedBackend } from '@recollect/testing';
import type { SharedWrite } from 'recollect';
import { type BrokenBackends, reading, text, writing } from './broken.js';

export const BROKEN_READING: BrokenBackends = [
  [
    'has no name',
    class extends MemorySharedBackend {
      override readonly kind = '';
    },
    ['has a kind and says what becomes of a corrupt record'],
  ],
  [
    'reads in an order of its own',
    reading((records) => [...records].reverse()),
    ['reads in the order of the keys, with undefined where there is none'],
  ],
  [
    'leaves out what is missing',
    reading((records) => records.filter(Boolean)),
    [
      'reads in the order of the keys, with undefined where there is none',
      'keeps empty data apart from no data',
    ],
  ],
  [
    'reads a key once however often it is asked for',
    reading((records, keys) =>
      records.map((record, index) => (keys.indexOf(keys[index] ?? '') === index ? record : undefined)),
    ),
    ['reads in the order of the keys, with undefined where there is none'],
  ],
  [
    'answers null for undefined',
    reading((records) => records.map((record) => record ?? (null as unknown as undefined))),
    ['reads in the order of the keys, with undefined where there is none'],
  ],
  [
    'rejects empty lists',
    class extends MemorySharedBackend {
      override async delete(keys: readonly string[]) {
        if (keys.length === 0) throw new Error("wrong number of arguments for 'unlink' command");
        return super.delete(keys);
      }
    },
    ['takes empty lists for what they are'],
  ],
  [
    'does not say that it has stored',
    class extends MemorySharedBackend {
      override async write(records: readonly SharedWrite[]) {
        await super.write(records);
        return false;
      }
    },
    [
      'overwrites',
      'takes empty lists for what they are',
      'stores many records in one call and reads them in one call',
    ],
  ],
  [
    'keeps data as text',
    writing(({ data }) => ({ data: Buffer.from(text(data)) })),
    ['keeps every byte value', 'compares bytes, not text'],
  ],
  [
    'takes empty data for none',
    class extends MemorySharedBackend {
      override async read(keys: readonly string[]) {
        return (await super.read(keys)).map((record) => (record?.data.length ? record : undefined));
      }
    },
    ['keeps empty data apart from no data', 'does not add over empty data'],
  ],
  [
    'cuts large data',
    writing(({ data }) => ({ data: data.subarray(0, 1_000_000) })),
    ['keeps data of one mebibyte'],
  ],
  [
    'stores the buffer behind a view',
    writing(({ data }) => ({ data: new Uint8Array(data.buffer) })),
    ['stores the view it is given, not the buffer behind it'],
  ],
  [
    'writes the first 500 records',
    class extends MemorySharedBackend {
      override write(records: readonly SharedWrite[]) {
        return super.write(records.slice(0, 500));
      }
    },
    [
      'stores many records in one call and reads them in one call',
      'clears many keys and says how many there were',
    ],
  ],
  [
    'keeps what is there',
    class extends MemorySharedBackend {
      override write(records: readonly SharedWrite[]) {
        return super.write(records.filter(({ key }) => !this.records.has(key)));
      }
    },
    ['overwrites', 'never lets an add take the place of a write'],
  ],
  [
    'keeps the data handed in',
    class extends MemorySharedBackend {
      override async write(records: readonly SharedWrite[]) {
        await super.write(records);
        for (const { key, data } of records)
          this.records.set(key, { ...(this.records.get(key) as MemoryRecord), data });
        return true;
      }
    },
    ['is not changed by a caller who reuses the data handed in'],
  ],
  [
    'hands out its own data',
    class extends MemorySharedBackend {
      override async read(keys: readonly string[]) {
        return (await super.read(keys)).map(
          (record, index) =>
            record && { ...record, data: this.records.get(keys[index] ?? '')?.data ?? record.data },
        );
      }
    },
    ['is not changed by a caller who scribbles on the data handed out'],
  ],
];
