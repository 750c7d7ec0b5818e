import { BackendError } from 'recollect';
import { type BrokenStores, type Fault, holder, interruption, shared } from './broken.js';

type Telling = 'commit' | 'release' | 'invalidate' | 'settle';

const muted = shared(() => ({ now: false }));
const ears = shared(() => new Map<string, () => void>());

/** A store that tells nothing of one operation. */
const silent =
  (operation: Telling): Fault =>
  (sound, options) => {
    const mute = muted(options);
    const run = sound[operation].bind(sound) as (...given: readonly unknown[]) => Promise<unknown>;
    return {
      [operation]: async (...given: readonly unknown[]) => {
        mute.now = true;
        return run(...given).finally(() => {
          mute.now = false;
        });
      },
      listen: (key: string, listener: () => void) =>
        sound.listen(key, () => {
          if (!mute.now) listener();
        }),
    };
  };

const keying =
  (change: (key: string) => string): Fault =>
  (sound) => ({
    claim: async (request) => {
      const outcome = await sound.claim({ ...request, key: change(request.key) });
      return outcome.kind === 'granted'
        ? { ...outcome, lease: { ...outcome.lease, key: request.key } }
        : outcome;
    },
  });

const isAlsoTold = 'tells everyone who listens, and nobody who has stopped';
const isKeptApart = 'keeps the leases and records of odd keys apart';

/** Faults about listeners, keys and the end. */
export const BROKEN_SURROUNDINGS: BrokenStores = [
  ['tells of no commit', silent('commit'), ['tells of a commit elsewhere', isAlsoTold]],
  ['tells of no release', silent('release'), ['tells of a release elsewhere', isAlsoTold]],
  ['tells of no invalidation', silent('invalidate'), ['tells of an invalidation elsewhere', isAlsoTold]],
  ['tells of no settlement', silent('settle'), ['tells of a settlement elsewhere']],
  [
    'tells whoever came last',
    (sound, options) => ({
      listen: (key, listener) => {
        ears(options).set(key, listener);
        return sound.listen(key, () => {
          if (ears(options).get(key) === listener) listener();
        });
      },
    }),
    [isAlsoTold],
  ],
  [
    'goes on telling who has stopped',
    (sound) => ({
      listen: (key, listener) => {
        sound.listen(key, listener);
        return () => {};
      },
    }),
    [isAlsoTold],
  ],
  [
    'tells once',
    (sound) => ({
      listen: (key, listener) => {
        const stop = sound.listen(key, () => {
          stop();
          listener();
        });
        return stop;
      },
    }),
    ['tells of a commit elsewhere', isAlsoTold],
  ],
  ['takes upper case for lower', keying((key) => key.toLowerCase()), [isKeptApart]],
  ['normalises Unicode', keying((key) => key.normalize('NFC')), [isKeptApart]],
  ['decodes keys', keying((key) => (key.includes('%3A') ? decodeURIComponent(key) : key)), [isKeptApart]],
  ['takes a hash tag for the key', keying((key) => /\{(.+)\}/.exec(key)?.[1] ?? key), [isKeptApart]],
  ['trims keys', keying((key) => key.trim()), [isKeptApart]],
  ['cuts long keys', keying((key) => key.slice(0, 4_000)), [isKeptApart]],
  [
    'looks claims up in an object',
    (sound) => ({
      claim: async (request) =>
        request.key in {} ? { kind: 'busy', token: 'undefined', epoch: 'undefined' } : sound.claim(request),
    }),
    ['takes no inherited property for a claim'],
  ],
  [
    'breaks a lease with a note beside it',
    (sound, options) => ({
      invalidate: async (keys) => {
        for (const key of keys) {
          const owner = key.endsWith(':lease') ? key.slice(0, -6) : undefined;
          if (owner !== undefined && (await holder(sound, options, owner))) await sound.invalidate([owner]);
        }
        return sound.invalidate(keys);
      },
    }),
    ['takes no note of its own for a record, nor the other way round'],
  ],
  [
    'cannot be closed twice',
    (sound) => {
      let closed = false;
      return {
        close: async () => {
          if (closed) throw new Error('The client is closed');
          closed = true;
          await sound.close();
        },
      };
    },
    [
      'closes its leases as often as it is asked to',
      'closes its leases without ever having claimed',
      'closes its leases with the backend',
    ],
  ],
  [
    'never comes to an end',
    (sound) => {
      let asked = false;
      return {
        close: () => {
          // Once only, so that the suite itself comes to an end.
          const first = !asked;
          asked = true;
          return first ? new Promise<void>(() => {}) : sound.close();
        },
      };
    },
    [
      'closes its leases as often as it is asked to',
      'closes its leases without ever having claimed',
      'settles what is under way when its leases are closed',
    ],
  ],
  [
    'goes on after its end',
    () => ({ close: async () => {} }),
    ['grants and changes nothing once its leases are closed', 'closes its leases with the backend'],
  ],
  [
    'breaks its leases at its end',
    (sound, options) => ({
      close: async () => {
        const lease = await holder(sound, options, 'k');
        if (lease) await sound.invalidate(['k']);
      },
    }),
    ['grants and changes nothing once its leases are closed'],
  ],
  [
    'throws where it should reject',
    (sound) => {
      let closed = false;
      return {
        renew: (lease, leaseMs) => {
          if (closed) throw new BackendError('broken', 'renew', new Error('closed'));
          return sound.renew(lease, leaseMs);
        },
        close: async () => {
          closed = true;
          await sound.close();
        },
      };
    },
    ['grants and changes nothing once its leases are closed'],
  ],
  [
    'rejects with an error of its own kind',
    (sound) => ({
      release: (lease) => sound.release(lease).catch(() => Promise.reject(new Error('ClientClosedError'))),
      close: () => sound.close(),
    }),
    ['grants and changes nothing once its leases are closed', 'closes its leases with the backend'],
  ],
  [
    'forgets what is under way',
    (sound) => {
      let closed = false;
      return {
        settle: async (record) => {
          await interruption();
          return closed ? new Promise<void>(() => {}) : sound.settle(record);
        },
        close: async () => {
          closed = true;
        },
      };
    },
    ['settles what is under way when its leases are closed'],
  ],
];
