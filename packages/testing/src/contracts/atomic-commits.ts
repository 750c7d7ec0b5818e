import assert from 'node:assert/strict';
import {
  type AtomicTest,
  asking,
  BRIEF,
  grant,
  granted,
  intact,
  lapse,
  MODES,
  state,
  writing,
} from './atomic-subject.js';
import { bytes, holds, lacks, put, sameBytes } from './shared-subject.js';

const ROUNDS = 25;

/** Both at once; in which order they are begun alternates. */
function both<A, B>(round: number, first: () => Promise<A>, second: () => Promise<B>): Promise<[A, B]> {
  if (round % 2 === 0) return Promise.all([first(), second()]);
  const begun = second();
  return Promise.all([first(), begun]);
}

/** When something is stored under a lease, or over it, and when not. */
export const commitTests = {
  'stores under the lease and ends it': async (subject) => {
    const { store, backend, peer, at } = subject;
    for (const mode of MODES) {
      const lease = await grant(subject, mode, { mode });
      assert.equal(await store.commit(lease, writing(subject, mode, `<${mode}>`)), 'stored');
      await holds(subject, mode, `<${mode}>`);
      sameBytes((await peer.read([at(mode)]))[0]?.data, `<${mode}>`);
      assert.equal(await state(subject, mode, mode), 'stored');
      await backend.delete([at(mode)]);
      assert.equal(await state(subject, mode, mode), 'granted');
    }
  },

  'stores over the record that the claim ignored': async (subject) => {
    await put(subject, 'k', 'a longer old value');
    const lease = await grant(subject, 'k', { ignore: bytes('a longer old value') });
    await subject.store.commit(lease, writing(subject, 'k', 'new'));
    await holds(subject, 'k', 'new');
  },

  'stores nothing once the lease was broken': async (subject) => {
    for (const mode of MODES) {
      const lease = await grant(subject, mode, { mode });
      await subject.other.invalidate([subject.at(mode)]);
      assert.equal(await subject.store.commit(lease, writing(subject, mode, 'zombie')), 'lost');
      await lacks(subject, mode);
      assert.equal(await state(subject, mode, mode), 'granted');
    }
  },

  'stores nothing under a lease that another has taken over': async (subject) => {
    const zombie = await grant(subject, 'k', { leaseMs: BRIEF });
    const ask = () => subject.other.claim(asking(subject, 'k'));
    const lease = granted(await lapse(subject, BRIEF, ask), 'k');
    assert.equal(await subject.store.commit(zombie, writing(subject, 'k', 'zombie')), 'lost');
    await lacks(subject, 'k');
    await intact(subject, 'k', lease);
    assert.equal(await subject.other.commit(lease, writing(subject, 'k', 'newer')), 'stored');
    assert.equal(await subject.store.commit(zombie, writing(subject, 'k', 'zombie')), 'lost');
    await holds(subject, 'k', 'newer');
  },

  'stores nothing over what was settled': async (subject) => {
    for (const mode of MODES) {
      const lease = await grant(subject, mode, { mode });
      await subject.other.settle(writing(subject, mode, 'settled'));
      assert.equal(await subject.store.commit(lease, writing(subject, mode, 'zombie')), 'lost');
      await holds(subject, mode, 'settled');
    }
  },

  'stores under a lease once': async (subject) => {
    const lease = await grant(subject, 'k');
    assert.equal(await subject.store.commit(lease, writing(subject, 'k', 'first')), 'stored');
    assert.equal(await subject.store.commit(lease, writing(subject, 'k', 'second')), 'lost');
    await holds(subject, 'k', 'first');
  },

  'leaves nothing that was invalidated at the same time': async (subject) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const key = `k${round}`;
      const lease = await grant(subject, key);
      const [commit, count] = await both(
        round,
        () => subject.store.commit(lease, writing(subject, key, 'old')),
        () => subject.other.invalidate([subject.at(key)]),
      );
      await lacks(subject, key);
      assert.equal(count, commit === 'stored' ? 1 : 0, `the commit is ${commit}`);
    }
  },

  'leaves what was settled at the same time': async (subject) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const key = `k${round}`;
      const lease = await grant(subject, key);
      const [commit] = await both(
        round,
        () => subject.store.commit(lease, writing(subject, key, 'old')),
        () => subject.other.settle(writing(subject, key, 'settled')),
      );
      assert.match(commit, /^(stored|lost)$/);
      await holds(subject, key, 'settled');
    }
  },

  'settles whatever is there': async (subject) => {
    for (const mode of MODES) {
      await subject.store.settle(writing(subject, mode, 'first'));
      await holds(subject, mode, 'first');
      const lease = await grant(subject, mode, { mode, ignore: bytes('first') });
      await subject.other.settle(writing(subject, mode, 'second'));
      await holds(subject, mode, 'second');
      assert.equal(await subject.store.renew(lease, 1_000), false);
      await subject.backend.delete([subject.at(mode)]);
      assert.equal(await state(subject, mode, mode), 'granted');
    }
  },

  'settles what is abandoned': async (subject) => {
    const mode = 'at_most_once';
    await grant(subject, 'k', { mode, leaseMs: BRIEF });
    const ask = () => subject.other.claim(asking(subject, 'k', { mode }));
    assert.equal((await lapse(subject, BRIEF, ask)).kind, 'abandoned');
    await subject.other.settle(writing(subject, 'k', 'resolved'));
    assert.equal((await ask()).kind, 'stored');
  },
} satisfies Record<string, AtomicTest>;
