import type { MemoryRecord } from '@recollect/testing';
import { type BrokenStores, same, shared, stored, text, there } from './broken.js';

const everStored = shared(() => new Map<string, MemoryRecord>());

export const BROKEN_IGNORING: BrokenStores = [
  [
    'ignores what is as long',
    (sound, options) => ({
      claim: (request) => {
        const data = there(options, request.key);
        return sound.claim(data?.length === request.ignore?.length ? { ...request, ignore: data } : request);
      },
    }),
    ['ignores just the record it is told to, and leaves it there'],
  ],
  [
    'ignores what begins alike',
    (sound, options) => ({
      claim: (request) => {
        const data = there(options, request.key);
        const isAlike =
          data && request.ignore && same(data.subarray(0, request.ignore.length), request.ignore);
        return sound.claim(isAlike ? { ...request, ignore: data } : request);
      },
    }),
    ['ignores just the record it is told to, and leaves it there'],
  ],
  [
    'ignores what reads alike',
    (sound, options) => ({
      claim: (request) => {
        const data = there(options, request.key);
        const isAlike = data && request.ignore && text(data) === text(request.ignore);
        return sound.claim(isAlike ? { ...request, ignore: data } : request);
      },
    }),
    ['ignores just the record it is told to, and leaves it there'],
  ],
  [
    'deletes what it ignores',
    (sound, { records }) => ({
      claim: async (request) => {
        const outcome = await sound.claim(request);
        if (outcome.kind === 'granted') records.delete(request.key);
        return outcome;
      },
    }),
    [
      'ignores just the record it is told to, and leaves it there',
      'leaves the record alone that a lease was to replace',
    ],
  ],
  [
    'takes empty data for no record',
    (sound, options) => ({
      claim: (request) => {
        const data = there(options, request.key);
        return sound.claim(data?.length === 0 ? { ...request, ignore: data } : request);
      },
    }),
    ['keeps empty data apart from no record'],
  ],
  [
    'insists on the record it is to ignore',
    (sound, options) => ({
      claim: async (request) =>
        request.ignore && !there(options, request.key) ? stored(request.ignore) : sound.claim(request),
    }),
    ['keeps empty data apart from no record'],
  ],
  [
    'finds what has expired',
    (sound, options) => {
      const ever = everStored(options);
      const { records } = options;
      records.set = (key, record) => {
        ever.set(key, record);
        return Map.prototype.set.call(records, key, record);
      };
      return {
        claim: async (request) => {
          const { data } = ever.get(request.key) ?? {};
          return data && !there(options, request.key) ? stored(data) : sound.claim(request);
        },
      };
    },
    ['takes a record that has expired for none', 'gives what it stores the life it is to have'],
  ],
];
