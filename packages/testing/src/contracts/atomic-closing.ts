import assert from 'node:assert/strict';
import type { AtomicStore, Lease } from 'recollect';
import {
  type AtomicSubject,
  type AtomicTest,
  asking,
  grant,
  HELD,
  intact,
  writing,
} from './atomic-subject.js';
import { isBackendError, settles } from './shared-subject.js';

/** Called bare: one that throws where it should reject is not covered up. */
function operations(
  subject: AtomicSubject,
  store: AtomicStore,
  lease: Lease,
): readonly (readonly [string, () => Promise<unknown>])[] {
  return [
    ['claim', () => store.claim(asking(subject, 'k'))],
    ['renew', () => store.renew(lease, HELD)],
    ['commit', () => store.commit(lease, writing(subject, 'k', 'late'))],
    ['release', () => store.release(lease)],
    ['settle', () => store.settle(writing(subject, 'k', 'late'))],
    ['invalidate', () => store.invalidate([lease.key])],
  ];
}

async function refusesAll(subject: AtomicSubject, lease: Lease): Promise<void> {
  for (const [name, run] of operations(subject, subject.store, lease)) {
    const what = `${name} after close()`;
    await assert.rejects(settles(subject, run(), what), isBackendError, `${what} should be a BackendError`);
  }
}

/** The end of the leases of one process; those of the others go on. */
export const atomicClosingTests = {
  'closes its leases as often as it is asked to': async (subject) => {
    const { store } = subject;
    await grant(subject, 'k');
    store.listen(subject.at('k'), () => {});
    await settles(subject, Promise.all([store.close(), store.close()]), 'close()');
    await settles(subject, store.close(), 'a later close()');
  },

  'closes its leases without ever having claimed': async (subject) => {
    await settles(subject, subject.store.close(), 'close()');
  },

  'grants and changes nothing once its leases are closed': async (subject) => {
    const lease = await grant(subject, 'k');
    await subject.store.close();
    await refusesAll(subject, lease);
    // Nothing to look on with where the peer is the one closed.
    if (subject.other !== subject.store) await intact(subject, 'k', lease);
  },

  'closes its leases with the backend': async (subject) => {
    const lease = await grant(subject, 'k');
    await subject.backend.close();
    await refusesAll(subject, lease);
    await settles(subject, subject.store.close(), 'close() of what is closed');
  },

  'settles what is under way when its leases are closed': async (subject) => {
    const { store } = subject;
    const lease = await grant(subject, 'k');
    const running = operations(subject, store, lease).map(([, run]) => run());
    const all = Promise.allSettled([store.close(), ...running]);
    const [closing, ...settled] = await settles(subject, all, 'an operation overtaken by close()');
    assert.equal(closing?.status, 'fulfilled', 'close() should never reject');
    for (const outcome of settled)
      if (outcome.status === 'rejected')
        assert.ok(isBackendError(outcome.reason), `rejected with ${String(outcome.reason)}`);
  },
} satisfies Record<string, AtomicTest>;
