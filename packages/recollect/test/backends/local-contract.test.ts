import { describe, test } from '@jest/globals';
import { localBackendContract } from '@recollect/testing';
import { NullCache, SimpleCache, SimpleCacheNoSerializer } from 'recollect';

const runner = { describe, test };
const charge = ({ key, bytes }: { readonly key: string; readonly bytes: number }) =>
  key.length * 2 + bytes + 200;

/** The tests of the order of use, which only `lru` keeps. */
const byUse = [
  {
    reason: 'the order is another one by design',
    tests: [
      'evicts what was used least recently',
      'counts a touch as a use, even apart from the backend',
      'evicts immortal entries last, the least recently used first',
      'never charges more than its bound in bytes',
    ],
  },
] as const;

for (const eviction of ['lru', 'fifo', 'adaptive'] as const) {
  const skip = eviction === 'lru' ? [] : byUse;

  localBackendContract({
    name: `SimpleCache (${eviction})`,
    create: (bounds, context) => new SimpleCache({ ...bounds, eviction }, context),
    charge,
    skip,
    runner,
  });

  localBackendContract({
    name: `SimpleCacheNoSerializer (${eviction})`,
    create: (bounds, context) =>
      new SimpleCacheNoSerializer(
        bounds.maxBytes === undefined ? { ...bounds, eviction } : { ...bounds, eviction, sizeOf: () => 0 },
        context,
      ),
    charge,
    skip,
    runner,
  });
}

localBackendContract({
  name: 'SimpleCache with nothing said of eviction',
  create: (bounds, context) => new SimpleCache(bounds, context),
  charge,
  runner,
});

const reason = 'it holds nothing, by design';

localBackendContract({
  name: 'NullCache',
  create: () => new NullCache(),
  runner,
  skip: [
    {
      reason,
      tests: [
        'holds what it was given',
        'retires the entry it replaces',
        'retires what is deleted',
        'retires everything when it is cleared, and goes on',
        'retires an entry at the moment it expires, and not before',
        'retires an expired entry once, whatever meets it first',
        'takes no inherited property for an entry',
        'lists its keys while they are deleted',
        'may be used by whoever hears that an entry has left',
        'clears while whoever hears of it deletes more',
        'never holds more than its threshold',
        'holds one entry at a threshold of one',
        'evicts what was used least recently',
        'counts a replacement as a use',
        'replaces without evicting another',
        'counts a touch as a use, even apart from the backend',
        'is not confused by a touch of an entry that has left',
        'evicts immortal entries last, the least recently used first',
        'gives up a mortal entry rather than an immortal one, though it has just come',
        'never charges more than its bound in bytes',
        'retires an entry larger than its bound, with what it was to replace, and nothing else',
        'keeps its books through thousands of operations',
      ],
    },
  ],
});
