import { setTimeout as sleep } from 'node:timers/promises';
import type { SharedBackend } from 'recollect';
import { type ContractRunner, type ContractSkip, contractSuite } from './contract-suite.js';
import { atomicityTests } from './shared-atomicity.js';
import { buryingTests } from './shared-burying.js';
import { closingTests } from './shared-closing.js';
import { fillingTests } from './shared-filling.js';
import { keyTests } from './shared-keys.js';
import { lifetimeTests } from './shared-lifetimes.js';
import { livesTests } from './shared-lives.js';
import { readingTests } from './shared-reading.js';
import { settles } from './shared-subject.js';

const tests = {
  ...readingTests,
  ...lifetimeTests,
  ...livesTests,
  ...atomicityTests,
  ...fillingTests,
  ...keyTests,
  ...buryingTests,
  ...closingTests,
};

/** The name of a test of the contract, as a skip has to spell it. */
export type SharedBackendTest = keyof typeof tests;

export interface SharedBackendContractOptions {
  /** Stands in the title of the suite. */
  readonly name: string;
  /** A backend of its own for each test, open and empty; the suite closes it. */
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
   * Lets so many milliseconds pass for the store, by a fake clock or by waiting; no test asks for more than 50. The
   * default waits.
   */
  advance?(ms: number): Promise<void> | void;
  /** How long a store may be late, in real milliseconds, at expiring and at closing. Default 3,000. */
  readonly patienceMs?: number;
  /** The backend promises never to reject: once closed it says that nothing is stored and nothing done. Default false. */
  readonly neverRejects?: boolean;
  readonly skip?: readonly ContractSkip<SharedBackendTest>[];
  /** Default: the globals `describe` and `test`. */
  readonly runner?: ContractRunner;
}

/**
 * The definition of {@link SharedBackend} in tests: a backend that passes may stand as the shared tier.
 *
 * @throws ConfigurationError when a skip names no test or gives no reason, and when there is no runner.
 */
export function sharedBackendContract(options: SharedBackendContractOptions): void {
  const { neverRejects = false, patienceMs = 3_000, prefix } = options;
  contractSuite({
    title: `${options.name} keeps the contract of a shared backend`,
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
        await body({ backend, peer, neverRejects, at, pass, patienceMs });
      } finally {
        const closing = Promise.all(open.map((each) => each.close()));
        await settles({ patienceMs }, closing, 'close() after the test');
      }
    },
  });
}
