import { describe, expect, test } from '@jest/globals';
import { type LocalBackendTest, localBackendContract } from '@recollect/testing';
import type { LocalEntry, Removal } from 'recollect';
import { PlainLocalBackend } from './plain-local-backend.js';
import { record } from './recording-runner.js';

localBackendContract({
  name: 'a plain Map',
  create: (bounds, { clock }) => new PlainLocalBackend(bounds, clock),
});

localBackendContract({
  name: 'a plain Map that charges 100 more for each entry',
  create: (bounds, { clock }) =>
    new (class extends PlainLocalBackend {
      override get bytes() {
        return super.bytes + this.size * 100;
      }
      override set(entry: LocalEntry) {
        if (entry.bytes + 100 <= (bounds.maxBytes ?? Number.POSITIVE_INFINITY)) super.set(entry);
        else {
          const replaced = this.entries.get(entry.key);
          if (replaced !== undefined) this.remove(replaced, 'replaced');
          entry.retire('evicted');
        }
      }
    })(bounds, clock),
  charge: ({ bytes }) => bytes + 100,
});

/** Faults that real backends have had, each with the tests that must catch it. */
const BROKEN: readonly (readonly [string, typeof PlainLocalBackend, readonly LocalBackendTest[]])[] = [
  [
    'has no name',
    class extends PlainLocalBackend {
      override readonly kind = '';
    },
    ['has a kind and says whose the values are'],
  ],
  [
    'hands out copies of entries',
    class extends PlainLocalBackend {
      override get(key: string) {
        const entry = super.get(key);
        return entry && Object.create(entry);
      }
    },
    ['holds what it was given', 'keeps its books through thousands of operations'],
  ],
  [
    'says nothing of what it replaces',
    class extends PlainLocalBackend {
      override set(entry: LocalEntry) {
        this.entries.delete(entry.key);
        super.set(entry);
      }
    },
    ['retires the entry it replaces', 'may be used by whoever hears that an entry has left'],
  ],
  [
    'says of a replacement that it was deleted',
    class extends PlainLocalBackend {
      override set(entry: LocalEntry) {
        this.delete(entry.key);
        super.set(entry);
      }
    },
    ['retires the entry it replaces'],
  ],
  [
    'always says it has deleted',
    class extends PlainLocalBackend {
      override delete(key: string) {
        super.delete(key);
        return true;
      }
    },
    ['retires what is deleted', 'takes no inherited property for an entry'],
  ],
  [
    'says nothing when it is cleared',
    class extends PlainLocalBackend {
      override clear() {
        this.entries.clear();
      }
    },
    ['retires everything when it is cleared, and goes on', 'keeps its books through thousands of operations'],
  ],
  [
    'clears a list made before',
    class extends PlainLocalBackend {
      override clear() {
        for (const entry of [...this.entries.values()]) this.remove(entry, 'deleted');
      }
    },
    ['clears while whoever hears of it deletes more'],
  ],
  [
    'retires first, and forgets then',
    class extends PlainLocalBackend {
      protected override remove(entry: LocalEntry, cause: Removal) {
        entry.retire(cause);
        this.entries.delete(entry.key);
      }
    },
    ['may be used by whoever hears that an entry has left'],
  ],
  [
    'serves the expired',
    class extends PlainLocalBackend {
      override get(key: string) {
        const entry = this.entries.get(key);
        if (entry !== undefined) this.use(entry);
        return entry;
      }
    },
    [
      'retires an entry at the moment it expires, and not before',
      'keeps its books through thousands of operations',
    ],
  ],
  [
    'expires a moment late',
    class extends PlainLocalBackend {
      constructor(bounds: object, clock: { now(): number }) {
        super(bounds, { now: () => clock.now() - 1 });
      }
    },
    ['retires an entry at the moment it expires, and not before'],
  ],
  [
    'expires a moment early',
    class extends PlainLocalBackend {
      constructor(bounds: object, clock: { now(): number }) {
        super(bounds, { now: () => clock.now() + 1 });
      }
    },
    ['retires an entry at the moment it expires, and not before'],
  ],
  [
    'retires the expired again',
    class extends PlainLocalBackend {
      override set(entry: LocalEntry) {
        const replaced = this.entries.get(entry.key);
        if (replaced !== undefined && replaced.freshUntil <= this.clock.now()) replaced.retire('expired');
        super.set(entry);
      }
    },
    ['retires an expired entry once, whatever meets it first'],
  ],
  [
    'keeps its keys in an object',
    class extends PlainLocalBackend {
      readonly #names: Record<string, true> = {};
      override set(entry: LocalEntry) {
        this.#names[entry.key] = true;
        super.set(entry);
      }
      override get(key: string) {
        const entry = super.get(key);
        return this.#names[key] === undefined ? undefined : (entry ?? ({} as LocalEntry));
      }
    },
    ['takes no inherited property for an entry'],
  ],
  [
    'counts on its keys to stay as they are',
    class extends PlainLocalBackend {
      #listing = 0;
      override *keys() {
        this.#listing += 1;
        for (const key of this.entries.keys()) {
          const before = this.entries.size;
          yield key;
          if (this.entries.size !== before) throw new Error('changed during iteration');
        }
      }
    },
    ['lists its keys while they are deleted'],
  ],
  [
    'holds one too many',
    class extends PlainLocalBackend {
      constructor(bounds: { threshold?: number }, clock: { now(): number }) {
        super({ ...bounds, threshold: (bounds.threshold ?? 500) + 1 }, clock);
      }
    },
    [
      'never holds more than its threshold',
      'holds one entry at a threshold of one',
      'keeps its books through thousands of operations',
    ],
  ],
  [
    'evicts what came first',
    class extends PlainLocalBackend {
      override use() {}
    },
    [
      'evicts what was used least recently',
      'counts a touch as a use, even apart from the backend',
      'evicts immortal entries last, the least recently used first',
    ],
  ],
  [
    'leaves a replacement in its old place',
    class extends PlainLocalBackend {
      override set(entry: LocalEntry) {
        const order = [...this.entries.keys()];
        super.set(entry);
        if (!order.includes(entry.key)) return;
        const held = order.map((key) => this.entries.get(key)).filter((each) => each !== undefined);
        this.entries.clear();
        for (const each of held) this.entries.set(each.key, each);
      }
    },
    ['counts a replacement as a use'],
  ],
  [
    'makes room before it replaces',
    class extends PlainLocalBackend {
      override set(entry: LocalEntry) {
        while (this.size >= (this.bounds.threshold ?? 500)) this.remove(this.victim(), 'evicted');
        super.set(entry);
      }
    },
    ['replaces without evicting another'],
  ],
  [
    'touches only as its own method',
    class extends PlainLocalBackend {
      override readonly touch = function (this: unknown, entry: LocalEntry) {
        (this as BrokenTouch).use(entry);
      };
    },
    ['counts a touch as a use, even apart from the backend'],
  ],
  [
    'takes back what is touched',
    class extends PlainLocalBackend {
      override readonly touch = (entry: LocalEntry) => this.use(entry);
    },
    ['is not confused by a touch of an entry that has left'],
  ],
  [
    'treats the immortal like others',
    class extends PlainLocalBackend {
      protected override victim() {
        return this.entries.values().next().value as LocalEntry;
      }
    },
    [
      'evicts immortal entries last, the least recently used first',
      'gives up a mortal entry rather than an immortal one, though it has just come',
    ],
  ],
  [
    'does not count bytes',
    class extends PlainLocalBackend {
      constructor(bounds: { threshold?: number }, clock: { now(): number }) {
        super(bounds.threshold === undefined ? {} : { threshold: bounds.threshold }, clock);
      }
    },
    [
      'never charges more than its bound in bytes',
      'retires an entry larger than its bound, with what it was to replace, and nothing else',
    ],
  ],
  [
    'leaves the old value where the new one is too large',
    class extends PlainLocalBackend {
      override set(entry: LocalEntry) {
        if (entry.bytes > (this.bounds.maxBytes ?? Number.POSITIVE_INFINITY)) entry.retire('evicted');
        else super.set(entry);
      }
    },
    ['retires an entry larger than its bound, with what it was to replace, and nothing else'],
  ],
  [
    'throws everything out for an entry that is too large',
    class extends PlainLocalBackend {
      override set(entry: LocalEntry) {
        if (entry.bytes > (this.bounds.maxBytes ?? Number.POSITIVE_INFINITY)) {
          for (const each of [...this.entries.values()]) this.remove(each, 'evicted');
        }
        super.set(entry);
      }
    },
    ['retires an entry larger than its bound, with what it was to replace, and nothing else'],
  ],
];

type BrokenTouch = { use(entry: LocalEntry): void };

describe('the contract of a local backend', () => {
  const contractOf = (Backend: typeof PlainLocalBackend) =>
    record((runner) =>
      localBackendContract({
        name: 'broken',
        create: (bounds, { clock }) => new Backend(bounds, clock),
        runner,
      }),
    );

  test.each(BROKEN)('catches one that %s', async (_, Backend, caughtBy) => {
    const { run } = contractOf(Backend);
    const missed: string[] = [];
    for (const name of caughtBy) if ((await run(name)) === undefined) missed.push(name);
    expect(missed).toEqual([]);
  });

  test('has no test that none of these faults can fail', () => {
    const biting = new Set<string>(BROKEN.flatMap(([, , caughtBy]) => caughtBy));
    expect(contractOf(PlainLocalBackend).names.filter((name) => !biting.has(name))).toEqual([]);
  });
});
