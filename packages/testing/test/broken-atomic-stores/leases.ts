import { asking, type BrokenStores, force, holder, isIntact, LONG } from './broken.js';

export const BROKEN_LEASES: BrokenStores = [
  [
    'takes milliseconds for microseconds',
    (sound) => ({
      claim: (request) => sound.claim({ ...request, leaseMs: Math.ceil(request.leaseMs / 1_000) }),
      renew: (lease, leaseMs) => sound.renew(lease, Math.ceil(leaseMs / 1_000)),
    }),
    ['holds a lease for as long as it was asked for', 'prolongs a lease that is renewed'],
  ],
  [
    'takes milliseconds for seconds',
    asking(({ leaseMs }) => ({ leaseMs: leaseMs * 1_000 })),
    [
      'frees a key loaded at least once when the lease runs out',
      'takes nothing from a lease that has run out, though nobody has taken over',
      'calls a key loaded at most once abandoned when the lease runs out, and never free',
      'stores nothing under a lease that another has taken over',
    ],
  ],
  [
    'loads at least once, whatever it is asked for',
    (sound) => ({
      claim: async (request) => {
        const outcome = await sound.claim({ ...request, mode: 'at_least_once' });
        return outcome.kind === 'granted'
          ? { ...outcome, lease: { ...outcome.lease, mode: request.mode } }
          : outcome;
      },
    }),
    [
      'calls a key loaded at most once abandoned when the lease runs out, and never free',
      'lets a holder of at most once come back that was given up',
      'prolongs a lease by so much and no more',
      'settles what is abandoned',
      'frees what is abandoned',
    ],
  ],
  [
    'hands on what is abandoned',
    (sound, options) => ({
      claim: async (request) => {
        const outcome = await sound.claim(request);
        return outcome.kind === 'abandoned' ? force(sound, options, request) : outcome;
      },
    }),
    ['calls a key loaded at most once abandoned when the lease runs out, and never free'],
  ],
  [
    'calls what is abandoned busy',
    (sound) => ({
      claim: async (request) => {
        const outcome = await sound.claim(request);
        return outcome.kind === 'abandoned' ? { ...outcome, kind: 'busy' } : outcome;
      },
    }),
    ['calls a key loaded at most once abandoned when the lease runs out, and never free'],
  ],
  [
    'never forgets',
    asking(() => ({ retentionMs: LONG })),
    ['forgets a claim of at most once after its retention'],
  ],
  [
    'forgets at most once with the lease',
    asking(({ leaseMs }) => ({ retentionMs: leaseMs })),
    [
      'calls a key loaded at most once abandoned when the lease runs out, and never free',
      'lets a holder of at most once come back that was given up',
    ],
  ],
  [
    'renews and prolongs nothing',
    (sound, options) => ({ renew: (lease) => isIntact(sound, options, lease) }),
    ['prolongs a lease that is renewed', 'lets a holder of at most once come back that was given up'],
  ],
  [
    'renews for ever',
    (sound) => ({ renew: (lease) => sound.renew(lease, LONG) }),
    ['prolongs a lease by so much and no more'],
  ],
  [
    'renews what has ended',
    (sound, options) => ({
      renew: async (lease, leaseMs) => {
        const isLive = await sound.renew(lease, leaseMs);
        if (isLive || (await holder(sound, options, lease.key)) !== undefined) return isLive;
        const fresh = { retentionMs: LONG, ignore: undefined, supersede: undefined, numbered: false };
        await sound.claim({ ...lease, ...fresh, leaseMs });
        return false;
      },
    }),
    [
      'takes nothing from a lease that has run out, though nobody has taken over',
      'knows the ended lease no more, however it ended',
    ],
  ],
  [
    'says of every lease that it is renewed',
    (sound) => ({ renew: async (lease, leaseMs) => (await sound.renew(lease, leaseMs)) || true }),
    [
      'takes nothing from a lease that has run out, though nobody has taken over',
      'frees a key loaded at least once when the lease runs out',
      'knows the ended lease no more, however it ended',
      'takes many keys at once',
    ],
  ],
  [
    'renews the lease of another',
    (sound, options) => ({
      renew: async (lease, leaseMs) => {
        const found = await holder(sound, options, lease.key);
        return sound.renew({ ...lease, token: found?.token ?? lease.token }, leaseMs);
      },
    }),
    ['leaves the lease of another alone', 'frees a key loaded at least once when the lease runs out'],
  ],
  [
    'gives up who has been given up',
    (sound, options) => ({
      renew: async (lease, leaseMs) =>
        (await holder(sound, options, lease.key))?.kind === 'abandoned' ? false : sound.renew(lease, leaseMs),
    }),
    ['lets a holder of at most once come back that was given up'],
  ],
  [
    'stores nothing of who has been given up',
    (sound, options) => ({
      commit: async (lease, record) =>
        (await holder(sound, options, lease.key))?.kind === 'abandoned'
          ? 'lost'
          : sound.commit(lease, record),
    }),
    ['lets a holder of at most once come back that was given up'],
  ],
  [
    'gives nothing back',
    () => ({ release: async () => {} }),
    ['gives a lease back without a record', 'knows the ended lease no more, however it ended'],
  ],
  [
    'gives back the lease of another',
    (sound, options) => ({
      release: async (lease) => {
        const found = await holder(sound, options, lease.key);
        await sound.release({ ...lease, token: found?.token ?? lease.token });
      },
    }),
    [
      'leaves the lease of another alone',
      'frees a key loaded at least once when the lease runs out',
      'gives a lease back without a record',
    ],
  ],
  [
    'deletes the record with the lease',
    (sound, { records }) => ({
      release: async (lease) => {
        records.delete(lease.key);
        await sound.release(lease);
      },
    }),
    ['leaves the record alone that a lease was to replace'],
  ],
];
