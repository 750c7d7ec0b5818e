import { describe, expect, test } from '@jest/globals';
import {
  FakeClock,
  MemorySharedBackend,
  type SharedBackendTest,
  sharedBackendContract,
} from '@recollect/testing';
import { BROKEN_ATOMICITY } from './broken-shared-backends/atomicity.js';
import { BROKEN_BURYING } from './broken-shared-backends/burying.js';
import { BROKEN_CLOSING } from './broken-shared-backends/closing.js';
import { BROKEN_FILLING } from './broken-shared-backends/filling.js';
import { BROKEN_KEYS } from './broken-shared-backends/keys.js';
import { BROKEN_LIFETIMES } from './broken-shared-backends/lifetimes.js';
import { BROKEN_LIVES } from './broken-shared-backends/lives.js';
import { BROKEN_READING } from './broken-shared-backends/reading.js';
import { record } from './recording-runner.js';

const BROKEN = [
  ...BROKEN_READING,
  ...BROKEN_LIFETIMES,
  ...BROKEN_LIVES,
  ...BROKEN_ATOMICITY,
  ...BROKEN_BURYING,
  ...BROKEN_FILLING,
  ...BROKEN_KEYS,
  ...BROKEN_CLOSING,
];

function contractOf(Backend: typeof MemorySharedBackend) {
  const clock = new FakeClock();
  return record((runner) =>
    sharedBackendContract({
      name: 'broken',
      create: () => new Backend({ clock }),
      peer: (backend) => new Backend({ clock, records: (backend as MemorySharedBackend).records }),
      advance: (ms) => clock.advance(ms),
      patienceMs: 30,
      runner,
    }),
  );
}

describe('the contract of a shared backend', () => {
  test.each(BROKEN)('catches one that %s', async (_, Backend, caughtBy) => {
    const contract = contractOf(Backend);
    const missed: string[] = [];
    for (const name of caughtBy) if ((await contract.run(name)) === undefined) missed.push(name);
    expect(missed).toEqual([]);
  });

  test('has no test that none of these faults can fail', () => {
    const biting = new Set<SharedBackendTest>(BROKEN.flatMap(([, , caughtBy]) => caughtBy));
    const { names } = contractOf(MemorySharedBackend);
    expect(names.filter((name) => !biting.has(name as SharedBackendTest))).toEqual([]);
  });
});
