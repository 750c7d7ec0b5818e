import { type MemoryRecord, MemorySharedBackend } from '@recollect/testing';
import type { SharedRecord, SharedWrite } from 'recollect';
import { adding, type BrokenBackends, first, reading, scanning, writing } from './broken.js';

export const BROKEN_LIFETIMES: BrokenBackends = [
  [
    'takes milliseconds for seconds',
    writing(({ ttlMs }) => ({ ttlMs: ttlMs * 1_000 })),
    [
      'reports the life that is left',
      'ends a record with its life',
      'takes a life of one millisecond',
      'gives each record of one write its own life',
      'adds again where a record has expired',
      'gives an added record its life and leaves that of the one in place',
    ],
  ],
  [
    'reports seconds',
    reading((records) => records.map((record) => record && { ...record, ttlMs: record.ttlMs / 1_000 })),
    ['reports the life that is left', 'keeps a life of ten years'],
  ],
  [
    'reports the life written, not the one left',
    reading((records) =>
      records.map(
        (record) => record && { ...record, ttlMs: Math.ceil(record.ttlMs / 3_600_000) * 3_600_000 },
      ),
    ),
    ['reports the life that is left'],
  ],
  [
    'ends the endless',
    writing(({ ttlMs }) => ({ ttlMs: Math.min(ttlMs, 1e15) })),
    [
      'knows no end for an endless record',
      'gives each record of one write its own life',
      'replaces the life when it overwrites',
      'gives an added record its life and leaves that of the one in place',
    ],
  ],
  [
    'counts lives in 32 bits',
    writing(({ ttlMs }) => ({ ttlMs: Number.isFinite(ttlMs) ? ttlMs % 2 ** 31 : ttlMs })),
    ['keeps a life of ten years'],
  ],
  [
    'rounds lives down to ten milliseconds',
    writing(({ ttlMs }) => ({
      ttlMs: Number.isFinite(ttlMs) && ttlMs < 10 ? Number.POSITIVE_INFINITY : ttlMs,
    })),
    ['takes a life of one millisecond'],
  ],
  [
    'serves the expired until they are swept',
    class extends MemorySharedBackend {
      readonly #seen = new Map<string, SharedRecord>();
      override async read(keys: readonly string[]) {
        const records = await super.read(keys);
        return records.map((record, index) => {
          const key = keys[index] ?? '';
          const swept = record ?? this.#seen.get(key);
          this.#seen.delete(key);
          if (record !== undefined) this.#seen.set(key, { ...record, ttlMs: 0 });
          return record ?? swept;
        });
      }
      override async write(records: readonly SharedWrite[]) {
        for (const { key, data } of records) this.#seen.set(key, { data: data.slice(), ttlMs: 0 });
        return super.write(records);
      }
    },
    ['ends a record with its life', 'takes a life of one millisecond'],
  ],
  [
    'keeps the first life',
    class extends MemorySharedBackend {
      override async write(records: readonly SharedWrite[]) {
        const lives = new Map([...this.records].map(([key, { expiresAt }]) => [key, expiresAt]));
        await super.write(records);
        for (const [key, expiresAt] of lives)
          this.records.set(key, { ...(this.records.get(key) as MemoryRecord), expiresAt });
        return true;
      }
    },
    ['replaces the life when it overwrites'],
  ],
  [
    'scans the expired',
    scanning((_, prefix, all) =>
      all.filter((key) => key.startsWith(prefix)).concat(prefix === '' ? ['dead:1'] : []),
    ),
    ['does not count, scan or compare what has expired'],
  ],
  [
    'counts the expired it clears',
    class extends MemorySharedBackend {
      override async clear(prefix: string) {
        return ((await super.clear(prefix)) ?? 0) + (prefix === 'dead:' ? 2 : 0);
      }
    },
    ['does not count, scan or compare what has expired'],
  ],
  [
    'renews the life of what an add meets',
    adding(async (backend, record) => {
      const data = (await first(backend, record.key))?.data ?? record.data;
      await backend.write([{ ...record, data }]);
      return data;
    }),
    ['gives an added record its life and leaves that of the one in place'],
  ],
  [
    'remembers keys it has once added',
    class extends MemorySharedBackend {
      readonly #taken = new Map<string, Uint8Array>();
      override async write(records: readonly SharedWrite[]) {
        for (const { key, data } of records) this.#taken.set(key, data);
        return super.write(records);
      }
      override async add(record: SharedWrite) {
        return this.#taken.get(record.key) ?? super.add(record);
      }
    },
    ['adds again where a record has expired'],
  ],
];
