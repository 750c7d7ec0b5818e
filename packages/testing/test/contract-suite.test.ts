import { describe, expect, test } from '@jest/globals';
import {
  MemorySharedBackend,
  type SharedBackendContractOptions,
  sharedBackendContract,
} from '@recollect/testing';
import { record } from './recording-runner.js';

const contract = (
  skip: SharedBackendContractOptions['skip'] | readonly { reason: string; tests: string[] }[] = [],
) =>
  record((runner) =>
    sharedBackendContract({
      name: 'Memory',
      create: () => new MemorySharedBackend(),
      skip: skip as NonNullable<SharedBackendContractOptions['skip']>,
      runner,
    }),
  );

describe('a contract suite', () => {
  test('hands every test to the runner, under the name of the backend', () => {
    const { names, skipped, title } = contract();
    expect(title).toBe('Memory keeps the contract of a shared backend');
    expect(names.length).toBeGreaterThan(40);
    expect(new Set(names).size).toBe(names.length);
    expect(skipped).toEqual([]);
  });

  test('leaves out what is skipped, and shows why', () => {
    const all = contract();
    const some = contract([
      { reason: 'it never forgets', tests: ['overwrites', 'keeps empty data apart from no data'] },
    ]);
    expect(some.names).toEqual(all.names.filter((name) => !/^overwrites$|empty data apart/.test(name)));
    expect(some.skipped).toEqual([
      'keeps empty data apart from no data (skipped: it never forgets)',
      'overwrites (skipped: it never forgets)',
    ]);
  });

  test('refuses a skip of a test that is not there, and names those that are', () => {
    const misspelt = () => contract([{ reason: 'typing error', tests: ['overwrites '] }]);
    expect(misspelt).toThrow("skip names 'overwrites ', which is no test; the tests are:");
    expect(misspelt).toThrow('\n  overwrites\n');
  });

  test('refuses a skip without a reason, and one given twice', () => {
    expect(() => contract([{ reason: ' ', tests: ['overwrites'] }])).toThrow(
      'skip of overwrites has no reason',
    );
    const twice = { reason: 'why', tests: ['overwrites'] };
    expect(() => contract([twice, twice])).toThrow("skip names 'overwrites' twice");
  });

  test('says what is missing where there are no globals of a runner', () => {
    const globals = globalThis as { describe?: unknown; test?: unknown };
    const kept = { describe: globals.describe, test: globals.test };
    delete globals.describe;
    try {
      expect(() => sharedBackendContract({ name: 'x', create: () => new MemorySharedBackend() })).toThrow(
        'runner is missing, and there are no globals describe and test',
      );
    } finally {
      Object.assign(globals, kept);
    }
  });

  test('closes what it opened when a test fails, the second backend as well', async () => {
    const closed: string[] = [];
    class Failing extends MemorySharedBackend {
      constructor(readonly name: string) {
        super();
      }
      override async read(): Promise<never> {
        throw new Error('cannot read');
      }
      override async close() {
        closed.push(this.name);
      }
    }
    const { run } = record((runner) =>
      sharedBackendContract({
        name: 'x',
        create: () => new Failing('one'),
        peer: () => new Failing('two'),
        runner,
      }),
    );
    expect(await run('overwrites')).toMatchObject({ message: 'cannot read' });
    expect(closed).toEqual(['one', 'two']);
  });

  test('keeps to its prefix on a store that is shared with others', async () => {
    const records: MemorySharedBackend['records'] = new Map();
    const theirs = { data: Uint8Array.from([1]), expiresAt: Number.POSITIVE_INFINITY };
    records.set('theirs', theirs).set('users:1', theirs);
    const { names, run } = record((runner) =>
      sharedBackendContract({
        name: 'x',
        create: () => new MemorySharedBackend({ records }),
        prefix: 'ours:',
        runner,
      }),
    );
    for (const name of names) expect(await run(name)).toBeUndefined();
    const foreign = [...records.keys()].filter((key) => !key.startsWith('ours:'));
    expect(foreign).toEqual(['theirs', 'users:1']);
  });
});
