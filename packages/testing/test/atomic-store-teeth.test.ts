import { describe, expect, test } from '@jest/globals';
import {
  type AtomicStoreTest,
  atomicStoreContract,
  FakeClock,
  MemorySharedBackend,
} from '@recollect/testing';
import { BrokenBackend, type Fault } from './broken-atomic-stores/broken.js';
import { BROKEN_CLAIMS } from './broken-atomic-stores/claims.js';
import { BROKEN_COMMITS } from './broken-atomic-stores/commits.js';
import { BROKEN_IGNORING } from './broken-atomic-stores/ignoring.js';
import { BROKEN_INVALIDATION } from './broken-atomic-stores/invalidation.js';
import { BROKEN_LEASES } from './broken-atomic-stores/leases.js';
import { BROKEN_SURROUNDINGS } from './broken-atomic-stores/surroundings.js';
import { BROKEN_TOKENS } from './broken-atomic-stores/tokens.js';
import { record } from './recording-runner.js';

const BROKEN = [
  ...BROKEN_CLAIMS,
  ...BROKEN_IGNORING,
  ...BROKEN_TOKENS,
  ...BROKEN_LEASES,
  ...BROKEN_COMMITS,
  ...BROKEN_INVALIDATION,
  ...BROKEN_SURROUNDINGS,
];

function contractOf(fault: Fault) {
  const clock = new FakeClock();
  return record((runner) =>
    atomicStoreContract({
      name: 'broken',
      create: () => new BrokenBackend(fault, clock),
      peer: (backend) => new BrokenBackend(fault, clock, (backend as MemorySharedBackend).records),
      advance: (ms) => clock.advance(ms),
      patienceMs: 30,
      runner,
    }),
  );
}

describe('the contract of an atomic store', () => {
  test.each(BROKEN)('catches one that %s', async (_, fault, caughtBy) => {
    const contract = contractOf(fault);
    const missed: string[] = [];
    for (const name of caughtBy) if ((await contract.run(name)) === undefined) missed.push(name);
    expect(missed).toEqual([]);
  });

  test('finds nothing wrong with a sound one in the same surroundings', async () => {
    const contract = contractOf(() => ({}));
    const wrong: unknown[] = [];
    for (const name of contract.names) {
      const error = await contract.run(name);
      if (error !== undefined) wrong.push([name, error]);
    }
    expect(wrong).toEqual([]);
  });

  test('has no test that none of these faults can fail', () => {
    const biting = new Set<AtomicStoreTest>(BROKEN.flatMap(([, , caughtBy]) => caughtBy));
    const { names } = contractOf(() => ({}));
    expect(names.filter((name) => !biting.has(name as AtomicStoreTest))).toEqual([]);
  });

  test('asks for a backend with leases', async () => {
    const bare = () => Object.defineProperty(new MemorySharedBackend(), 'atomic', { value: undefined });
    const contract = record((runner) => atomicStoreContract({ name: 'none', create: bare, runner }));
    expect(await contract.run('keeps an empty epoch')).toMatchObject({
      code: 'ERR_CONFIGURATION',
      message: 'MemorySharedBackend has no leases; the contract accepts a backend with `atomic`',
    });
  });
});
