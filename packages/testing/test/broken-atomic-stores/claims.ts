import { MemoryAtomicStore, type MemoryRecord } from '@recollect/testing';
import {
  answering,
  asking,
  type BrokenStores,
  force,
  holder,
  interruption,
  same,
  shared,
  stored,
  there,
} from './broken.js';

/** The same records, and nothing else in common with who works on them. */
class Apart extends Map<string, MemoryRecord> {
  readonly #records: Map<string, MemoryRecord>;
  constructor(records: Map<string, MemoryRecord>) {
    super();
    this.#records = records;
  }
  override get(key: string) {
    return this.#records.get(key);
  }
  override set(key: string, record: MemoryRecord) {
    this.#records?.set(key, record);
    return this;
  }
  override delete(key: string) {
    return this.#records.delete(key);
  }
}

const everClaimed = shared(() => new Set<string>());

export const BROKEN_CLAIMS: BrokenStores = [
  [
    'looks for no record',
    (sound, options) => ({
      claim: (request) => sound.claim({ ...request, ignore: there(options, request.key) }),
    }),
    [
      'answers with the record where there is one, and claims nothing',
      'answers with the record though somebody loads',
      'has a key loaded once, however many ask until they have it',
      'never grants where a record was committed in between',
      'answers with the record though the claim beside it is to be superseded',
      'stores just the bytes it is given',
    ],
  ],
  [
    'looks for a record, and then claims',
    (sound, options) => ({
      claim: async (request) => {
        const before = there(options, request.key);
        await interruption();
        if (before !== undefined && !(request.ignore && same(before, request.ignore))) return stored(before);
        return sound.claim({ ...request, ignore: there(options, request.key) });
      },
    }),
    [
      'has a key loaded once, however many ask until they have it',
      'never grants where a record was committed in between',
    ],
  ],
  [
    'looks for a claim, and then claims',
    (sound, options) => ({
      claim: async (request) => {
        const keys = everClaimed(options);
        if (keys.has(request.key)) return sound.claim(request);
        await interruption();
        keys.add(request.key);
        return force(sound, options, request);
      },
    }),
    ['grants one of many concurrent claims', 'has a key loaded once, however many ask until they have it'],
  ],
  [
    'grants whoever comes',
    (sound, options) => ({ claim: (request) => force(sound, options, request) }),
    [
      'is busy for everyone else, and says with whom and in which epoch',
      'holds a lease for as long as it was asked for',
      'answers with the record though somebody loads',
    ],
  ],
  [
    'keeps its claims to itself',
    (_, { records, ...options }) => {
      const alone = new MemoryAtomicStore({ ...options, records: new Apart(records) });
      return {
        claim: (request) => alone.claim(request),
        renew: (lease, leaseMs) => alone.renew(lease, leaseMs),
        commit: (lease, record) => alone.commit(lease, record),
        release: (lease) => alone.release(lease),
        invalidate: (keys) => alone.invalidate(keys),
      };
    },
    [
      'is busy for everyone else, and says with whom and in which epoch',
      'grants one of many concurrent claims',
      'asked again with the same token, answers with the same lease',
      'stores nothing once the lease was broken',
    ],
  ],
  [
    'draws fence numbers unasked',
    asking(() => ({ numbered: true })),
    ['grants a free key, with what was asked for'],
  ],
  [
    'keeps no epoch',
    asking(() => ({ epoch: 'any' })),
    [
      'grants a free key, with what was asked for',
      'keeps an empty epoch',
      'supersedes just the claim it is told to',
    ],
  ],
  [
    'takes an empty epoch for none',
    asking(({ epoch }) => ({ epoch: epoch || 'undefined' })),
    ['keeps an empty epoch'],
  ],
  [
    'answers with the epoch of whoever asks',
    answering((outcome, { epoch }) => (outcome.kind === 'busy' ? { ...outcome, epoch } : outcome)),
    ['is busy for everyone else, and says with whom and in which epoch'],
  ],
  [
    'answers with the token of whoever asks',
    answering((outcome, { token }) => ('token' in outcome ? { ...outcome, token } : outcome)),
    ['is busy for everyone else, and says with whom and in which epoch'],
  ],
  [
    'claims where it finds a record',
    (sound) => ({
      claim: async (request) => {
        const outcome = await sound.claim(request);
        if (outcome.kind === 'stored') await sound.claim({ ...request, ignore: outcome.record.data });
        return outcome;
      },
    }),
    ['answers with the record where there is one, and claims nothing'],
  ],
  [
    'is busy before it looks for a record',
    (sound, options) => ({
      claim: async (request) => (await holder(sound, options, request.key)) ?? sound.claim(request),
    }),
    ['answers with the record though somebody loads'],
  ],
  [
    'tells the life of a record in seconds',
    answering((outcome) =>
      outcome.kind === 'stored'
        ? { ...outcome, record: { ...outcome.record, ttlMs: outcome.record.ttlMs / 1_000 } }
        : outcome,
    ),
    ['answers with the record where there is one, and claims nothing'],
  ],
];
