import type { MemoryAtomicStoreOptions } from '@recollect/testing';
import { type BrokenStores, type Fault, shared, there } from './broken.js';

const claimed = shared(() => new Set<string>());
const numbers = shared(() => new Map<string, number>());

/** A store with numbers of its own. */
const numbering =
  (next: (options: MemoryAtomicStoreOptions, key: string, own: Map<string, number>) => number): Fault =>
  (sound, options) => {
    const own = new Map<string, number>();
    return {
      claim: async (request) => {
        const outcome = await sound.claim(request);
        if (outcome.kind !== 'granted' || !request.numbered) return outcome;
        return { ...outcome, lease: { ...outcome.lease, fence: next(options, request.key, own) } };
      },
      invalidate: (keys) => {
        for (const key of keys) numbers(options).delete(key);
        return sound.invalidate(keys);
      },
    };
  };

function drawn(numbers: Map<string, number>, key: string): number {
  const number = (numbers.get(key) ?? 0) + 1;
  numbers.set(key, number);
  return number;
}

export const BROKEN_INVALIDATION: BrokenStores = [
  [
    'counts the keys it was told',
    (sound) => ({
      invalidate: async (keys) => {
        await sound.invalidate(keys);
        return keys.length;
      },
    }),
    [
      'deletes records and says how many there were',
      'does not count what has expired, nor a lease',
      'shows no claim among the records',
    ],
  ],
  [
    'counts a key as often as it is named',
    (sound, options) => ({
      invalidate: async (keys) => {
        const count = keys.filter((key) => there(options, key) !== undefined).length;
        await sound.invalidate(keys);
        return count;
      },
    }),
    ['deletes records and says how many there were'],
  ],
  [
    'counts the leases it breaks',
    (sound, options) => ({
      claim: async (request) => {
        claimed(options).add(request.key);
        return sound.claim(request);
      },
      invalidate: async (keys) =>
        (await sound.invalidate(keys)) + keys.filter((key) => claimed(options).delete(key)).length,
    }),
    ['does not count what has expired, nor a lease', 'shows no claim among the records'],
  ],
  [
    'deletes records and nothing else',
    (_, { records }) => ({ invalidate: async (keys) => keys.filter((key) => records.delete(key)).length }),
    [
      'breaks the leases on its keys, and no others',
      'stores nothing once the lease was broken',
      'lets no lease through that was claimed before',
      'frees what is abandoned',
      'takes many keys at once',
      'leaves the lease of another alone',
    ],
  ],
  [
    'breaks leases and deletes nothing',
    (sound, { records }) => ({
      invalidate: async (keys) => {
        const before = new Map(records);
        const count = await sound.invalidate(keys);
        for (const [key, record] of before) records.set(key, record);
        return count;
      },
    }),
    ['deletes records and says how many there were', 'takes many keys at once'],
  ],
  [
    'breaks leases only where there is a record',
    (sound, options) => ({
      invalidate: (keys) => sound.invalidate(keys.filter((key) => there(options, key) !== undefined)),
    }),
    ['breaks the leases on its keys, and no others', 'lets no lease through that was claimed before'],
  ],
  [
    'breaks leases only where there is no record',
    (sound, options) => ({
      invalidate: async (keys) => {
        const found = new Set(keys.filter((key) => there(options, key) !== undefined));
        for (const key of found) options.records.delete(key);
        await sound.invalidate(keys.filter((key) => !found.has(key)));
        return found.size;
      },
    }),
    ['breaks the leases on its keys, and no others'],
  ],
  [
    'breaks every lease',
    (sound, options) => ({
      claim: async (request) => {
        claimed(options).add(request.key);
        return sound.claim(request);
      },
      invalidate: async (keys) => {
        const untouched = [...claimed(options)].filter((key) => !options.records.has(key));
        await sound.invalidate(untouched.filter((key) => !keys.includes(key)));
        return sound.invalidate(keys);
      },
    }),
    ['breaks the leases on its keys, and no others'],
  ],
  [
    'takes a thousand keys',
    (sound) => ({ invalidate: (keys) => sound.invalidate(keys.slice(0, 1_000)) }),
    ['takes many keys at once'],
  ],
  [
    'numbers anew after an invalidation',
    numbering((options, key) => drawn(numbers(options), key)),
    ['numbers the leases on a key upwards, whatever happens between'],
  ],
  [
    'numbers on its own',
    numbering((_, key, own) => drawn(own, key)),
    [
      'numbers the leases on a key upwards, whatever happens between',
      'never gives one fence number twice',
      'asked again with the same token, answers with the same lease',
    ],
  ],
  [
    'gives every lease the number one',
    numbering(() => 1),
    ['numbers the leases on a key upwards, whatever happens between', 'never gives one fence number twice'],
  ],
  [
    'draws no numbers',
    (sound) => ({ claim: (request) => sound.claim({ ...request, numbered: false }) }),
    [
      'numbers the leases on a key upwards, whatever happens between',
      'never gives one fence number twice',
      'takes no inherited property for a claim',
    ],
  ],
  [
    'keeps its claims among the records',
    (sound, { records }) => ({
      claim: async (request) => {
        const outcome = await sound.claim(request);
        const note = { data: new Uint8Array(1), expiresAt: Number.POSITIVE_INFINITY };
        if (outcome.kind === 'granted') records.set(`${request.key}:l`, note);
        return outcome;
      },
    }),
    ['shows no claim among the records', 'takes no note of its own for a record, nor the other way round'],
  ],
];
