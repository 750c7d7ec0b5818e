import type { Invariant } from '../checker/violation.js';
import type { SiteMode } from '../history/site-spec.js';

/** A defect to be put into the built files, to see whether the checker finds it. */
export interface Mutation {
  readonly name: string;
  /** What is wrong with it. */
  readonly about: string;
  /** The built file, from the folder of the packages on. */
  readonly file: string;
  /** Stands there exactly once. */
  readonly find: string;
  readonly replace: string;
  /** Which sites show it. */
  readonly mode: SiteMode;
  /** What is violated then; one of them is enough. */
  readonly shows: readonly Invariant[];
}

const SCRIPTS = 'redis/dist/atomic/lease-scripts.js';

export const MUTATIONS: readonly Mutation[] = [
  {
    name: 'commit-without-token',
    about: 'a load stores its result whether or not it still has the lease',
    file: SCRIPTS,
    find: "if not intact(ARGV[1]) then return {0, 0} end\nif ARGV[4] == ''",
    replace: "if ARGV[4] == ''",
    mode: 'at_least_once',
    shows: ['I2 stale read', 'I4 two values in one epoch'],
  },
  {
    name: 'claim-by-set-nx',
    about: 'who finds no claim makes one, without another look at what has been stored meanwhile',
    file: SCRIPTS,
    find: 'if record and record ~= ARGV[8] then',
    replace: 'if false then',
    mode: 'at_most_once',
    shows: ['I3 started twice'],
  },
  {
    name: 'expiring-claim',
    about: 'that a method has started is remembered no longer than a lease lives',
    file: 'redis/dist/atomic/lua-mechanism.js',
    find: 'Math.max(request.retentionMs, request.leaseMs)',
    replace: 'request.leaseMs',
    mode: 'at_most_once',
    shows: ['I3 started twice'],
  },
  {
    name: 'invalidate-keeps-lease',
    about: 'an invalidation deletes the value and leaves the load alone that is under way',
    file: SCRIPTS,
    find: "redis.call('UNLINK', KEYS[3 * at - 1], KEYS[3 * at])",
    replace: '',
    mode: 'at_least_once',
    shows: ['I2 stale read'],
  },
  {
    name: 'store-without-epoch',
    about: 'a load stores its result whatever has become of what was there when it began',
    file: 'redis/dist/scripts.js',
    find: 'if there and there ~= ARGV[1] then return 0 end',
    replace: '',
    mode: 'plain',
    shows: ['I2 stale read'],
  },
  {
    name: 'invalidate-keeps-local',
    about: 'an invalidation leaves what its own process holds locally',
    file: 'recollect/dist/engine/invalidator.js',
    find: 'local?.drop(key);',
    replace: '',
    mode: 'plain',
    shows: ['I2 stale read'],
  },
];

/** @throws RangeError that lists the names. */
export function mutationNamed(name: string): Mutation {
  const mutation = MUTATIONS.find((one) => one.name === name);
  if (mutation !== undefined) return mutation;
  throw new RangeError(`bug is '${name}'; accepted: ${MUTATIONS.map((one) => one.name).join(', ')}, all`);
}

/**
 * The text with the defect in it, and with a mark that it was loaded.
 *
 * @throws Error when the text to be replaced is not there exactly once: the code has changed, and the mutation must follow.
 */
export function mutated(source: string, mutation: Mutation): string {
  const parts = source.split(mutation.find);
  if (parts.length !== 2) {
    throw new Error(
      `mutation '${mutation.name}': ${mutation.file} has the text to be replaced ${parts.length - 1} times, not once`,
    );
  }
  const mark = `globalThis[Symbol.for(${JSON.stringify(MARK)})] = ${JSON.stringify(mutation.name)};`;
  return `${parts.join(mutation.replace)}\n${mark}\n`;
}

/** How a process finds out which mutation it runs under, and how it is told which. */
export const MARK = 'recollect.nemesis.mutation';
export const MUTATION_VARIABLE = 'RECOLLECT_NEMESIS_MUTATION';
