import assert from 'node:assert/strict';
import {
  type AtomicTest,
  asking,
  BRIEF,
  broken,
  contend,
  grant,
  granted,
  intact,
  lapse,
  MODES,
  refused,
  state,
  token,
  writing,
} from './atomic-subject.js';
import { put } from './shared-subject.js';

const ROUNDS = 25;

/** Claims that are told apart by their tokens. */
export const tokenTests = {
  'asked again with the same token, answers with the same lease': async (subject) => {
    for (const mode of MODES) {
      const request = asking(subject, mode, { mode, numbered: true });
      const lease = granted(await subject.store.claim(request), mode);
      assert.equal(await state(subject, mode), 'busy');
      for (const through of [subject.store, subject.other])
        assert.deepEqual({ ...granted(await through.claim(request), `${mode}, again`) }, { ...lease });
      const twice = asking(subject, `${mode} twice`, { mode, numbered: true });
      const leases = await contend(subject, 4, async (through) => granted(await through.claim(twice), mode));
      for (const each of leases) assert.deepEqual({ ...each }, { ...leases[0] });
      assert.equal(await subject.store.commit(lease, writing(subject, mode, 'x')), 'stored');
      assert.equal((await subject.store.claim(request)).kind, 'stored');
    }
  },

  'supersedes just the claim it is told to': async (subject) => {
    for (const mode of MODES) {
      const old = await grant(subject, mode, { mode, epoch: 'over' });
      const supersede = old.token;
      refused(await subject.other.claim(asking(subject, mode, { supersede: token() })), 'busy', old);
      const lease = await grant(subject, mode, { mode, epoch: 'next', supersede }, subject.other);
      assert.equal(lease.epoch, 'next');
      await broken(subject, mode, old);
      // Superseding what has been superseded already.
      refused(await subject.other.claim(asking(subject, mode, { supersede })), 'busy', lease);
      assert.equal(await subject.other.commit(lease, writing(subject, mode, 'x')), 'stored');
    }
  },

  'supersedes what is abandoned, and what is not there': async (subject) => {
    const mode = 'at_most_once';
    const old = await grant(subject, 'k', { mode, leaseMs: BRIEF });
    await lapse(subject, BRIEF, () => subject.other.claim(asking(subject, 'k', { mode })));
    const lease = await grant(subject, 'k', { mode, supersede: old.token });
    await intact(subject, 'k', lease);
    await grant(subject, 'free', { mode, supersede: old.token });
  },

  'answers with the record though the claim beside it is to be superseded': async (subject) => {
    const old = await grant(subject, 'k');
    await put(subject, 'k', 'x');
    const { kind } = await subject.store.claim(asking(subject, 'k', { supersede: old.token }));
    assert.equal(kind, 'stored');
  },

  'lets one of many supersede the same claim': async (subject) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const old = await grant(subject, `k${round}`);
      const outcomes = await contend(subject, 8, (through) =>
        through.claim(asking(subject, `k${round}`, { supersede: old.token })),
      );
      assert.equal(outcomes.filter(({ kind }) => kind === 'granted').length, 1);
    }
  },
} satisfies Record<string, AtomicTest>;
