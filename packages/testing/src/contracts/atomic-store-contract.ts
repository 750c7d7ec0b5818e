import { setTimeout as sleep } from 'node:timers/promises';
import { type AtomicStore, ConfigurationError, type SharedBackend } from 'recollect';
import { claimTests } from './atomic-claims.js';
import { atomicClosingTests } from './atomic-closing.js';
import { commitTests } from './atomic-commits.js';
import { invalidationTests } from './atomic-invalidation.js';
import { atomicKeyTests } from './atomic-keys.js';
import { leaseTests } from './atomic-leases.js';
import { listeningTests } from './atomic-listening.js';
import { storingTests } from './atomic-storing.js';
import { tokenTests } from './atomic-tokens.js';
import { type ContractRunner, type ContractSkip, contractSuite } from './contract-suite.js';
import { settles } from './shared-subject.js';

const tests = {
  ...claimTests,
  ...tokenTests,
  ...leaseTests,
  ...commitTests,
  ...storingTests,
  ...invalidationTests,
  ...listeningTests,
  ...atomicKeyTests,
  ...atomicClosingTests,
};

/** The name of a test of the contract, as a skip has to spell it. */
export type AtomicStoreTest = keyof typeof tests;

export interface AtomicStoreContractOptions {
  /** Stands in the title of the suite. */
  readonly name: string;
  /** A backend of its own for each test, open, empty and with leases; the suite closes it. */
  create(): Promise<SharedBackend> | SharedBackend;
  /**
   * Another backend over the same store as the one given, as a second process would have; the suite closes it too.
   * Without it the tests of contention run through one backend.
   */
  peer?(backend: SharedBackend): Promise<SharedBackend> | SharedBackend;
  /**
   * For a store that is shared with others, and so is neither empty nor to be emptied: a random prefix. Each test then
   * keeps to keys under the prefix and a number of its own. Without it the tests use bare keys and clear all of them.
   */
  readonly prefix?: string;
  /**
   * Lets so many milliseconds pass for the store, by a fake clock or by waiting; no test asks for more than 600 at
   * once. The default waits.
   */
  advance?(ms: number): Promise<void> | void;
  /** How late a store may be, in real milliseconds, at expiring, at telling and at closing. Default 3,000. */
  readonly patienceMs?: number;
  /** A store that never tells who listens skips the tests that tell; that is allowed, with the reason. */
  readonly skip?: readonly ContractSkip<AtomicStoreTest>[];
  /** Default: the globals `describe` and `test`. */
  readonly runner?: ContractRunner;
}

/**
 * The definition of {@link AtomicStore} in tests. Its subject is a backend with leases, since what a lease is about is
 * the record; that the backend keeps the contract of a shared backend is for that suite to say.
 *
 * @throws ConfigurationError when a skip names no test or gives no reason, and when there is no runner. A test fails with
 *   one when the backend has no leases.
 */
export function atomicStoreContract(options: AtomicStoreContractOptions): void {
  const { patienceMs = 3_000, prefix } = options;
  contractSuite({
    title: `${options.name} keeps the contract of an atomic store`,
    tests,
    skip: options.skip,
    runner: options.runner,
    async lend(body, index) {
      const backend = await options.create();
      const open = [backend];
      try {
        const peer = (await options.peer?.(backend)) ?? backend;
        open.push(peer);
        const at = (key: string) => (prefix === undefined ? key : `${prefix}${index}:${key}`);
        const pass = async (ms: number) => void (await (options.advance ?? sleep)(ms));
        const [store, other] = [leasesOf(backend), leasesOf(peer)];
        await body({ backend, peer, store, other, neverRejects: false, at, pass, patienceMs });
      } finally {
        const closing = Promise.all(open.map((each) => each.close()));
        await settles({ patienceMs }, closing, 'close() after the test');
      }
    },
  });
}

function leasesOf({ kind, atomic }: SharedBackend): AtomicStore {
  if (atomic !== undefined) return atomic;
  throw new ConfigurationError(`${kind} has no leases; the contract accepts a backend with \`atomic\``);
}
