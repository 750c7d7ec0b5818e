import { ConfigurationError } from 'recollect';

/**
 * The two verbs a contract suite needs of a test runner. Those of jest and vitest fit as they are, and so do `describe`
 * and `test` of `node:test`.
 */
export interface ContractRunner {
  describe(name: string, body: () => void): unknown;
  readonly test: {
    (name: string, body: () => Promise<void>): unknown;
    skip?(name: string, body: () => Promise<void>): unknown;
  };
}

/** Tests that a subject cannot pass by its nature, and why. Each name must be that of a test, to the letter. */
export interface ContractSkip<Name extends string = string> {
  readonly reason: string;
  readonly tests: readonly Name[];
}

/** What a test of the suite does with its subject. */
export type ContractTest<Subject> = (subject: Subject) => Promise<void> | void;

interface ContractSuite<Name extends string, Subject> {
  readonly title: string;
  readonly tests: Readonly<Record<Name, ContractTest<Subject>>>;
  readonly skip: readonly ContractSkip<Name>[] | undefined;
  readonly runner: ContractRunner | undefined;
  /** Makes a subject for one test, lends it to the body, and clears up whatever the body did. */
  lend(body: ContractTest<Subject>, index: number): Promise<void>;
}

/**
 * Hands the tests of a contract to the runner, one by one.
 *
 * @throws ConfigurationError when a skip names no test, gives no reason or repeats another skip, and when there is
 *   neither a runner nor globals of one.
 */
export function contractSuite<Name extends string, Subject>(suite: ContractSuite<Name, Subject>): void {
  const { describe, test } = suite.runner ?? globalRunner();
  const names = Object.keys(suite.tests) as Name[];
  const reasons = reasonsByTest(suite.skip ?? [], names);
  describe(suite.title, () => {
    for (const [index, name] of names.entries()) {
      const body = () => suite.lend(suite.tests[name], index);
      const reason = reasons.get(name);
      if (reason === undefined) test(name, body);
      else test.skip?.(`${name} (skipped: ${reason})`, body);
    }
  });
}

function reasonsByTest(skips: readonly ContractSkip[], names: readonly string[]): Map<string, string> {
  const reasons = new Map<string, string>();
  for (const { reason, tests } of skips) {
    if (typeof reason !== 'string' || reason.trim() === '') {
      throw new ConfigurationError(
        `skip of ${tests.join(', ')} has no reason; say why the contract cannot be met`,
      );
    }
    for (const name of tests) {
      if (!names.includes(name)) {
        throw new ConfigurationError(
          `skip names '${name}', which is no test; the tests are:\n  ${names.join('\n  ')}`,
        );
      }
      if (reasons.has(name))
        throw new ConfigurationError(`skip names '${name}' twice; give one reason for it`);
      reasons.set(name, reason);
    }
  }
  return reasons;
}

function globalRunner(): ContractRunner {
  const { describe, test } = globalThis as Partial<ContractRunner>;
  if (describe === undefined || test === undefined) {
    throw new ConfigurationError(
      'runner is missing, and there are no globals describe and test; pass { runner: { describe, test } }',
    );
  }
  return { describe, test };
}
