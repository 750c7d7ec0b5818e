import { describe, test } from '@jest/globals';
import { FakeClock, MemorySharedBackend, sharedBackendContract } from '@recollect/testing';

const clock = new FakeClock();

sharedBackendContract({
  name: 'MemorySharedBackend',
  create: () => new MemorySharedBackend({ clock }),
  peer: (backend) => new MemorySharedBackend({ clock, records: (backend as MemorySharedBackend).records }),
  advance: (ms) => clock.advance(ms),
  runner: { describe, test },
});

sharedBackendContract({
  name: 'MemorySharedBackend on a store with others, in real time',
  create: () => new MemorySharedBackend(),
  prefix: 'random:',
});
