import assert from 'node:assert/strict';
import { ConfigurationError, type Serializer } from 'recollect';
import {
  type ContractRunner,
  type ContractSkip,
  type ContractTest,
  contractSuite,
} from './contract-suite.js';
import { serializerHygiene } from './serializer-hygiene.js';
import { SERIALIZER_VALUES, type SerializerValue } from './serializer-values.js';

type ValueTest = `treats as declared: ${SerializerValue}`;

/** The name of a test of the contract, as a skip has to spell it. */
export type SerializerTest = keyof typeof serializerHygiene | ValueTest;

export interface SerializerContractOptions {
  /** Stands in the title of the suite. */
  readonly name: string;
  create(): Serializer;
  /**
   * Values of the contract that the serializer does not carry, and why. It must refuse them (`accepts` is false, or
   * `encode` throws); every other value must come back equal. One that it changes silently belongs under `skip`.
   */
  readonly refuses?: readonly { readonly reason: string; readonly values: readonly SerializerValue[] }[];
  /** More values that must come back equal, by name; made anew for each test. */
  readonly values?: Readonly<Record<string, () => unknown>>;
  readonly skip?: readonly ContractSkip<SerializerTest>[];
  /** Default: the globals `describe` and `test`. */
  readonly runner?: ContractRunner;
}

/**
 * The definition of {@link Serializer} in tests.
 *
 * @throws ConfigurationError when `refuses` or a skip names what is not there or gives no reason, when one of the
 *   `values` has the name of one of the contract, and when there is no runner.
 */
export function serializerContract(options: SerializerContractOptions): void {
  const { name, refuses = [], values = {}, skip, runner } = options;
  const refused = refusedValues(refuses);
  const known = Object.entries<() => unknown>(SERIALIZER_VALUES);
  const tests: Record<string, ContractTest<Serializer>> = { ...serializerHygiene };
  for (const [value, make] of known) {
    tests[`treats as declared: ${value}`] = (serializer) =>
      refused.has(value) ? refusesIt(serializer, make()) : carriesIt(serializer, make());
  }
  for (const [value, make] of Object.entries(values)) {
    const test = `carries ${value}`;
    if (Object.hasOwn(SERIALIZER_VALUES, value))
      throw new ConfigurationError(`values: '${value}' is in the contract already`);
    tests[test] = (serializer) => carriesIt(serializer, make());
  }
  contractSuite<string, Serializer>({
    title: `${name} keeps the contract of a serializer`,
    tests,
    skip,
    runner,
    lend: async (body) => body(options.create()),
  });
}

function refusedValues(refuses: NonNullable<SerializerContractOptions['refuses']>): Set<string> {
  for (const { reason, values } of refuses) {
    if (reason.trim() === '')
      throw new ConfigurationError(`refuses: ${values.join(', ')} has no reason; say why`);
    for (const value of values) {
      if (Object.hasOwn(SERIALIZER_VALUES, value)) continue;
      const names = Object.keys(SERIALIZER_VALUES).join(', ');
      throw new ConfigurationError(`refuses: '${value}' is no value of the contract; it accepts ${names}`);
    }
  }
  return new Set(refuses.flatMap(({ values }) => values));
}

function refusesIt(serializer: Serializer, value: unknown): void {
  if (serializer.accepts?.(value) === false) return;
  assert.throws(() => serializer.encode(value), 'it is declared as refused and was encoded all the same');
}

function carriesIt(serializer: Serializer, value: unknown): void {
  assert.notEqual(
    serializer.accepts?.(value),
    false,
    'it is not declared as refused, and accepts() is false',
  );
  const data = serializer.encode(value);
  assert.ok(data instanceof Uint8Array, 'encode should answer with a Uint8Array');
  const decoded = serializer.decode(data);
  assert.deepStrictEqual(decoded, value);
  // Two addresses are equal to the assertion whatever they say.
  if (value instanceof URL) assert.equal(String(decoded), value.href);
  assert.ok(!('polluted' in {}), 'decoding changed Object.prototype');
}
