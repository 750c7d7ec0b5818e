import { describe, test } from '@jest/globals';
import { atomicStoreContract, ChaosSharedBackend, FakeClock, MemorySharedBackend } from '@recollect/testing';

const clock = new FakeClock();

atomicStoreContract({
  name: 'MemorySharedBackend',
  create: () => new MemorySharedBackend({ clock }),
  peer: (backend) => new MemorySharedBackend({ clock, records: (backend as MemorySharedBackend).records }),
  advance: (ms) => clock.advance(ms),
  runner: { describe, test },
});

const records = new Map();

atomicStoreContract({
  name: 'ChaosSharedBackend without faults, on a store with others, in real time',
  create: () => new ChaosSharedBackend(new MemorySharedBackend({ records })),
  prefix: 'random:',
});
