import { MemorySharedBackend } from '@recollect/testing';
import type { SharedWrite } from 'recollect';
import { type Broken, type BrokenBackends, first, interruption, text } from './broken.js';

const filling = (
  fill: (
    backend: MemorySharedBackend,
    record: SharedWrite,
    expected: Uint8Array | undefined,
    sound: (record: SharedWrite, expected: Uint8Array | undefined) => Promise<boolean>,
  ) => Promise<boolean>,
): Broken =>
  class extends MemorySharedBackend {
    override fill(record: SharedWrite, expected: Uint8Array | undefined) {
      return fill(this, record, expected, (...given) => super.fill(...given));
    }
  };

/** A backend that compares what is there with what was expected in a way of its own. */
const comparing = (same: (stored: Uint8Array, expected: Uint8Array) => boolean): Broken =>
  filling(async (backend, record, expected, sound) => {
    const stored = backend.records.get(record.key)?.data;
    return sound(record, stored && expected && same(stored, expected) ? stored : expected);
  });

const untouched = 'fills over nothing else';
const oneWins = 'lets one of many concurrent fills win';

export const BROKEN_FILLING: BrokenBackends = [
  [
    'fills whatever is there',
    filling((backend, record) => backend.write([record])),
    [
      untouched,
      'tells empty data from nothing when it fills',
      'compares bytes, not text, when it fills',
      oneWins,
      'never lets a fill take the place of a write',
    ],
  ],
  [
    'fills only what holds nothing',
    filling((_backend, record, _expected, sound) => sound(record, undefined)),
    ['fills over what was expected', 'fills with just the bytes it is given', oneWins],
  ],
  [
    'insists on what it expects',
    filling(async (backend, record, expected, sound) =>
      expected !== undefined && (await first(backend, record.key)) === undefined
        ? false
        : sound(record, expected),
    ),
    ['fills what holds nothing, whatever was expected', 'fills where a record has expired'],
  ],
  [
    'looks, and then fills',
    filling(async (backend, record, expected) => {
      const stored = (await first(backend, record.key))?.data;
      await interruption();
      const isFree = !stored || (expected && Buffer.compare(stored, expected) === 0);
      return isFree ? backend.write([record]) : false;
    }),
    [oneWins, 'never lets a fill take the place of a write'],
  ],
  [
    'looks for nothing, and then fills',
    filling(async (backend, record, expected, sound) => {
      if (expected !== undefined) return sound(record, expected);
      const isFree = (await first(backend, record.key)) === undefined;
      await interruption();
      return isFree ? backend.write([record]) : false;
    }),
    [oneWins],
  ],
  [
    'compares as text when it fills',
    comparing((a, b) => text(a) === text(b)),
    ['compares bytes, not text, when it fills'],
  ],
  ['compares lengths when it fills', comparing((a, b) => a.length === b.length), [untouched]],
  ['compares beginnings when it fills', comparing((a, b) => text(a).startsWith(text(b))), [untouched]],
  ['takes a longer expectation for equal', comparing((a, b) => text(b).startsWith(text(a))), [untouched]],
  ['compares the first 64 KiB', comparing((a, b) => a.length === b.length && a.length > 65_536), [untouched]],
  [
    'takes empty data for nothing when it fills',
    filling(async (backend, record, expected, sound) =>
      backend.records.get(record.key)?.data.length === 0 ? backend.write([record]) : sound(record, expected),
    ),
    ['tells empty data from nothing when it fills'],
  ],
  [
    'takes an empty expectation for none',
    filling((_, record, expected, sound) => sound(record, expected?.length === 0 ? undefined : expected)),
    ['fills over what was expected', 'tells empty data from nothing when it fills'],
  ],
  [
    'says that it has filled what it has not',
    filling(async (_, record, expected, sound) => (await sound(record, expected)) || true),
    [untouched, oneWins],
  ],
  [
    'fills and says that it has not',
    filling(async (_, record, expected, sound) => (await sound(record, expected)) && expected === undefined),
    ['fills what holds nothing, whatever was expected', 'fills over what was expected', oneWins],
  ],
  [
    'fills with text',
    filling((_, record, expected, sound) =>
      sound({ ...record, data: new TextEncoder().encode(text(record.data)) }, expected),
    ),
    ['fills with just the bytes it is given'],
  ],
  [
    'fills from the buffer behind the view',
    filling((_, record, expected, sound) =>
      sound({ ...record, data: new Uint8Array(record.data.buffer) }, expected),
    ),
    ['is not changed by a caller who reuses what a fill was given'],
  ],
  [
    'keeps the bytes that a fill was given',
    filling(async (backend, record, expected, sound) => {
      const isDone = await sound(record, expected);
      const stored = backend.records.get(record.key);
      if (isDone && stored) backend.records.set(record.key, { ...stored, data: record.data });
      return isDone;
    }),
    ['is not changed by a caller who reuses what a fill was given'],
  ],
  [
    'wipes what it expected',
    filling(async (_, record, expected, sound) => sound(record, expected).finally(() => expected?.fill(0))),
    ['is not changed by a caller who reuses what a fill was given'],
  ],
  [
    'remembers what it has once been given',
    class extends MemorySharedBackend {
      readonly #taken = new Set<string>();
      override async write(records: readonly SharedWrite[]) {
        for (const { key } of records) this.#taken.add(key);
        return super.write(records);
      }
      override async fill(record: SharedWrite, expected: Uint8Array | undefined) {
        if (!this.records.has(record.key) && this.#taken.has(record.key)) return false;
        return super.fill(record, expected);
      }
    },
    ['fills where a record has expired'],
  ],
  [
    'fills for ever',
    filling((_, record, expected, sound) => sound({ ...record, ttlMs: Number.POSITIVE_INFINITY }, expected)),
    ['gives what it fills its life, and leaves that of what it does not'],
  ],
  [
    'renews the life of what it does not fill',
    filling(async (backend, record, expected, sound) => {
      const isDone = await sound(record, expected);
      const stored = await first(backend, record.key);
      if (!isDone && stored) await backend.write([{ ...record, data: stored.data }]);
      return isDone;
    }),
    ['gives what it fills its life, and leaves that of what it does not'],
  ],
  [
    'leaves the life of what it fills over',
    filling(async (backend, record, expected, sound) => {
      const ttlMs = (await first(backend, record.key))?.ttlMs ?? record.ttlMs;
      return sound({ ...record, ttlMs }, expected);
    }),
    ['gives what it fills its life, and leaves that of what it does not'],
  ],
];
