import type { SharedWrite } from 'recollect';
import { type BrokenStores, type Fault, holder, interruption, isIntact, text, there } from './broken.js';

/** A store that changes what it stores, by `commit` and by `settle`. */
const storing =
  (change: (record: SharedWrite) => Partial<SharedWrite>): Fault =>
  (sound) => ({
    commit: (lease, record) => sound.commit(lease, { ...record, ...change(record) }),
    settle: (record) => sound.settle({ ...record, ...change(record) }),
  });

export const BROKEN_COMMITS: BrokenStores = [
  [
    'commits without a look at the lease',
    (sound) => ({
      commit: async (_, record) => {
        await sound.settle(record);
        return 'stored';
      },
    }),
    [
      'stores nothing once the lease was broken',
      'stores nothing under a lease that another has taken over',
      'stores nothing over what was settled',
      'stores under a lease once',
      'leaves nothing that was invalidated at the same time',
      'leaves what was settled at the same time',
      'lets no lease through that was claimed before',
      'supersedes just the claim it is told to',
    ],
  ],
  [
    'looks at the lease, and then stores',
    (sound, options) => ({
      commit: async (lease, record) => {
        if (!(await isIntact(sound, options, lease))) return 'lost';
        await interruption();
        await sound.settle(record);
        return 'stored';
      },
    }),
    ['leaves nothing that was invalidated at the same time', 'leaves what was settled at the same time'],
  ],
  [
    'says that it has stored what it has not',
    (sound) => ({
      commit: async (lease, record) => {
        await sound.commit(lease, record);
        return 'stored';
      },
    }),
    [
      'stores nothing once the lease was broken',
      'stores nothing over what was settled',
      'stores under a lease once',
      'leaves nothing that was invalidated at the same time',
    ],
  ],
  [
    'stores what it says it has not',
    (sound) => ({
      commit: async (lease, record) => {
        const outcome = await sound.commit(lease, record);
        if (outcome === 'lost') await sound.settle(record);
        return outcome;
      },
    }),
    [
      'stores nothing once the lease was broken',
      'stores nothing under a lease that another has taken over',
      'stores nothing over what was settled',
      'lets no lease through that was claimed before',
      'leaves what was settled at the same time',
    ],
  ],
  [
    'keeps the lease when it has stored',
    (sound) => ({
      commit: async (lease, record) => {
        const outcome = await sound.commit(lease, record);
        if (outcome === 'stored')
          await sound.claim({
            ...lease,
            leaseMs: 30_000,
            retentionMs: 30_000,
            ignore: record.data,
            supersede: undefined,
            numbered: false,
          });
        return outcome;
      },
    }),
    [
      'stores under the lease and ends it',
      'stores under a lease once',
      'knows the ended lease no more, however it ended',
    ],
  ],
  [
    'stores only where nothing is',
    (sound, options) => ({
      commit: async (lease, record) => {
        const data = there(options, lease.key) ?? record.data;
        return sound.commit(lease, { ...record, data });
      },
    }),
    ['stores over the record that the claim ignored', 'replaces the life of what was there'],
  ],
  [
    'stores text',
    storing(({ data }) => ({ data: new TextEncoder().encode(text(data)) })),
    ['stores just the bytes it is given'],
  ],
  [
    'stores no more than 256 KiB',
    storing(({ data }) => ({ data: data.subarray(0, 262_144) })),
    ['stores just the bytes it is given'],
  ],
  [
    'stores lines',
    storing(({ data }) => ({ data: new Uint8Array(Buffer.from(text(data).replace('\r\n', '\n'))) })),
    ['stores just the bytes it is given'],
  ],
  [
    'stores the buffer behind the view',
    storing(({ data }) => ({ data: new Uint8Array(data.buffer) })),
    ['stores the view it is given, and no change made to it later'],
  ],
  [
    'hands out its own bytes',
    (sound, { records }) => ({
      claim: async (request) => {
        const outcome = await sound.claim(request);
        if (outcome.kind !== 'stored') return outcome;
        const data = records.get(request.key)?.data ?? outcome.record.data;
        return { ...outcome, record: { ...outcome.record, data } };
      },
    }),
    ['stores the view it is given, and no change made to it later'],
  ],
  [
    'keeps the bytes it is given',
    (sound, { records }) => ({
      commit: async (lease, record) => {
        const outcome = await sound.commit(lease, record);
        const stored = records.get(lease.key);
        if (outcome === 'stored' && stored !== undefined)
          records.set(lease.key, { ...stored, data: record.data });
        return outcome;
      },
    }),
    ['stores the view it is given, and no change made to it later'],
  ],
  [
    'takes the life for seconds',
    storing(({ ttlMs }) => ({ ttlMs: ttlMs * 1_000 })),
    ['gives what it stores the life it is to have'],
  ],
  [
    'stores for ever',
    storing(() => ({ ttlMs: Number.POSITIVE_INFINITY })),
    ['gives what it stores the life it is to have'],
  ],
  [
    'stores nothing for ever',
    storing(({ ttlMs }) => ({ ttlMs: Math.min(ttlMs, 86_400_000) })),
    ['gives what it stores the life it is to have'],
  ],
  [
    'leaves the life of what was there',
    (sound, { records, clock }) => {
      const lived = ({ key, ttlMs }: SharedWrite) => {
        const { expiresAt } = records.get(key) ?? {};
        return { ttlMs: expiresAt === undefined ? ttlMs : Math.max(1, expiresAt - clock.now()) };
      };
      return {
        commit: (lease, record) => sound.commit(lease, { ...record, ...lived(record) }),
        settle: (record) => sound.settle({ ...record, ...lived(record) }),
      };
    },
    ['replaces the life of what was there'],
  ],
  [
    'settles only what nobody loads',
    (sound, options) => ({
      settle: async (record) => {
        if ((await holder(sound, options, record.key)) === undefined) await sound.settle(record);
      },
    }),
    [
      'settles whatever is there',
      'settles what is abandoned',
      'stores nothing over what was settled',
      'knows the ended lease no more, however it ended',
    ],
  ],
  [
    'settles beside the lease',
    (_, { records, clock }) => ({
      settle: async ({ key, data, ttlMs }) => {
        records.set(key, { data: data.slice(), expiresAt: clock.now() + ttlMs });
      },
    }),
    [
      'settles whatever is there',
      'stores nothing over what was settled',
      'leaves what was settled at the same time',
      'knows the ended lease no more, however it ended',
    ],
  ],
];
