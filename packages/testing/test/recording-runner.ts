import type { ContractRunner } from '@recollect/testing';

/** The tests a contract suite handed over, to be run when and as often as the test likes. */
export interface Recording {
  readonly title: string;
  readonly names: readonly string[];
  readonly skipped: readonly string[];
  /** The error a test fails with, or undefined. */
  run(name: string): Promise<unknown>;
}

/** Lets a contract suite describe itself to a runner that only takes notes. */
export function record(describeTo: (runner: ContractRunner) => void): Recording {
  const tests = new Map<string, () => Promise<void>>();
  const skipped: string[] = [];
  let title = '';
  const test = Object.assign((name: string, body: () => Promise<void>) => void tests.set(name, body), {
    skip: (name: string) => void skipped.push(name),
  });
  describeTo({
    describe: (name, body) => {
      title = name;
      body();
    },
    test,
  });
  return {
    title,
    skipped,
    names: [...tests.keys()],
    run: async (name) => {
      const body = tests.get(name);
      if (body === undefined) throw new Error(`there is no test '${name}'`);
      return body().then(
        () => undefined,
        (error: unknown) => error ?? new Error('rejected with nothing'),
      );
    },
  };
}
