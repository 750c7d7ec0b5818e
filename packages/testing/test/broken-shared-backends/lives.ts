import { MemorySharedBackend } from '@recollect/testing';
import type { SharedRecord } from 'recollect';
import type { Broken, BrokenBackends } from './broken.js';

type Records = readonly (SharedRecord | undefined)[];

/** A backend that answers in its own way where it is asked for lives. */
const telling = (tell: (records: Records, lives: number, keys: readonly string[]) => Records): Broken =>
  class extends MemorySharedBackend {
    override async read(keys: readonly string[], lives = Number.POSITIVE_INFINITY) {
      return tell(await super.read(keys), lives, keys);
    }
  };

const lifeless = (record: SharedRecord | undefined) =>
  record && { ...record, ttlMs: Number.POSITIVE_INFINITY };

export const BROKEN_LIVES: BrokenBackends = [
  [
    'answers no more than lives are asked for',
    telling((records, lives) => records.slice(0, lives)),
    [
      'tells as many lives as it is asked for, from the first on',
      'keeps the order and the gaps when it tells no lives',
      'serves nothing that has expired, though its life is not asked for',
    ],
  ],
  [
    'finds nothing without its life',
    telling((records, lives) => records.map((record, index) => (index < lives ? record : undefined))),
    [
      'tells as many lives as it is asked for, from the first on',
      'keeps the order and the gaps when it tells no lives',
    ],
  ],
  [
    'tells no lives unasked',
    class extends MemorySharedBackend {
      override read(keys: readonly string[], lives = 0) {
        return super.read(keys, lives);
      }
    },
    ['tells all lives when it is not asked for a number', 'reports the life that is left'],
  ],
  [
    'takes endless for none',
    telling((records, lives) => (Number.isSafeInteger(lives) ? records : records.map(lifeless))),
    ['tells all lives when it is not asked for a number'],
  ],
  [
    'tells one life too few',
    telling((records, lives) =>
      records.map((record, index) => (index < lives - 1 ? record : lifeless(record))),
    ),
    ['tells as many lives as it is asked for, from the first on'],
  ],
  [
    'tells the last lives',
    telling((records, lives) =>
      records.map((record, index) => (index >= records.length - lives ? record : lifeless(record))),
    ),
    ['tells as many lives as it is asked for, from the first on'],
  ],
  [
    'makes up the lives that are not asked for',
    telling((records, lives) =>
      records.map((record, index) => record && (index < lives ? record : { ...record, ttlMs: 0 })),
    ),
    ['tells as many lives as it is asked for, from the first on'],
  ],
  [
    'leaves out what is missing without lives',
    telling((records, lives) => (lives === 0 ? records.filter((record) => record !== undefined) : records)),
    ['keeps the order and the gaps when it tells no lives'],
  ],
  [
    'serves the expired unless it looks at lives',
    class extends MemorySharedBackend {
      readonly #ever = new Map<string, SharedRecord>();
      override async read(keys: readonly string[], lives = Number.POSITIVE_INFINITY) {
        const records = await super.read(keys);
        for (const [index, record] of records.entries())
          if (record !== undefined) this.#ever.set(keys[index] ?? '', record);
        return records.map((record, index) =>
          index < lives ? record : (record ?? this.#ever.get(keys[index] ?? '')),
        );
      }
      override async write(records: Parameters<MemorySharedBackend['write']>[0]) {
        for (const { key, data, ttlMs } of records) this.#ever.set(key, { data: data.slice(), ttlMs });
        return super.write(records);
      }
    },
    ['serves nothing that has expired, though its life is not asked for'],
  ],
];
