import { asking, type BrokenStores, force, holder, interruption, shared, there } from './broken.js';

const everGranted = shared(() => new Set<string>());

export const BROKEN_TOKENS: BrokenStores = [
  [
    'draws again for the same token',
    asking(({ token }) => ({ supersede: token })),
    ['asked again with the same token, answers with the same lease'],
  ],
  [
    'is busy for the same token',
    (sound, options) => ({
      claim: async (request) => {
        const tokens = everGranted(options);
        const { token, epoch } = request;
        if (tokens.has(token)) return { kind: 'busy', token, epoch };
        const outcome = await sound.claim(request);
        if (outcome.kind === 'granted') tokens.add(token);
        return outcome;
      },
    }),
    ['asked again with the same token, answers with the same lease'],
  ],
  [
    'supersedes anyone',
    (sound, options) => ({
      claim: async (request) =>
        request.supersede === undefined ? sound.claim(request) : force(sound, options, request),
    }),
    ['supersedes just the claim it is told to'],
  ],
  [
    'supersedes nobody',
    asking(() => ({ supersede: undefined })),
    [
      'supersedes just the claim it is told to',
      'supersedes what is abandoned, and what is not there',
      'lets one of many supersede the same claim',
      'numbers the leases on a key upwards, whatever happens between',
    ],
  ],
  [
    'insists on the claim it is to supersede',
    (sound, options) => ({
      claim: async (request) => {
        const { key, token, epoch, supersede } = request;
        const isMissing = supersede !== undefined && (await holder(sound, options, key)) === undefined;
        return isMissing ? { kind: 'busy', token, epoch } : sound.claim(request);
      },
    }),
    ['supersedes what is abandoned, and what is not there'],
  ],
  [
    'supersedes no abandoned claim',
    (sound, options) => ({
      claim: async (request) => {
        const found = await holder(sound, options, request.key);
        return found?.kind === 'abandoned' ? found : sound.claim(request);
      },
    }),
    ['supersedes what is abandoned, and what is not there'],
  ],
  [
    'supersedes before it looks for a record',
    (sound, options) => ({
      claim: (request) =>
        sound.claim(
          request.supersede === undefined ? request : { ...request, ignore: there(options, request.key) },
        ),
    }),
    ['answers with the record though the claim beside it is to be superseded'],
  ],
  [
    'supersedes in two steps',
    (sound, options) => ({
      claim: async (request) => {
        const found = await holder(sound, options, request.key);
        if (found === undefined || found.token !== request.supersede) return sound.claim(request);
        await interruption();
        return force(sound, options, request);
      },
    }),
    ['lets one of many supersede the same claim'],
  ],
];
