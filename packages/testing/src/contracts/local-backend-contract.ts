import type { BackendContext, LocalBackend } from 'recollect';
import { FakeClock } from '../fake-clock.js';
import { type ContractRunner, type ContractSkip, contractSuite } from './contract-suite.js';
import { boundsTests } from './local-bounds.js';
import { holdingTests } from './local-holding.js';
import type { LocalBounds } from './local-subject.js';

const tests = { ...holdingTests, ...boundsTests };

/** The name of a test of the contract, as a skip has to spell it. */
export type LocalBackendTest = keyof typeof tests;

export interface LocalBackendContractOptions {
  /** Stands in the title of the suite. */
  readonly name: string;
  /** A new backend within the bounds, on the clock of the context, which is a fake one that the suite moves. */
  create(bounds: LocalBounds, context: BackendContext): LocalBackend;
  /** What the backend charges for an entry. Default: its `bytes`, and nothing on top. */
  charge?(entry: { readonly key: string; readonly bytes: number }): number;
  readonly skip?: readonly ContractSkip<LocalBackendTest>[];
  /** Default: the globals `describe` and `test`. */
  readonly runner?: ContractRunner;
}

/**
 * The definition of {@link LocalBackend} in tests. It asks for exact least-recently-used order; a backend with another
 * order skips the tests that say so.
 *
 * @throws ConfigurationError when a skip names no test or gives no reason, and when there is no runner.
 */
export function localBackendContract(options: LocalBackendContractOptions): void {
  contractSuite({
    title: `${options.name} keeps the contract of a local backend`,
    tests,
    skip: options.skip,
    runner: options.runner,
    async lend(body) {
      const clock = new FakeClock();
      const report = ({ error }: { readonly error: unknown }) => {
        throw error;
      };
      await body({
        clock,
        make: (bounds = {}) => options.create(bounds, { clock, report }),
        charge: (entry) => options.charge?.(entry) ?? entry.bytes,
      });
    },
  });
}
