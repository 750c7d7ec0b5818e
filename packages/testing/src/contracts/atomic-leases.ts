import assert from 'node:assert/strict';
import type { Lease } from 'recollect';
import {
  type AtomicSubject,
  type AtomicTest,
  asking,
  BRIEF,
  broken,
  grant,
  granted,
  HELD,
  intact,
  lapse,
  MODES,
  refused,
  state,
  token,
  writing,
} from './atomic-subject.js';
import { holds, LONG, lacks } from './shared-subject.js';

/** More than the store's own measure of time is off by. */
const MARGIN = 20;

const abandonable = { mode: 'at_most_once', leaseMs: BRIEF } as const;

/** Ways in which a lease ends before its time. */
const ENDS: Readonly<
  Record<string, (subject: AtomicSubject, key: string, lease: Lease) => Promise<unknown>>
> = {
  released: ({ store }, _, lease) => store.release(lease),
  invalidated: ({ other, at }, key) => other.invalidate([at(key)]),
  settled: ({ other, ...subject }, key) => other.settle(writing(subject, key, 'settled')),
  committed: ({ store, ...subject }, key, lease) => store.commit(lease, writing(subject, key, 'committed')),
};

/** How long a lease lasts, and who may end it. */
export const leaseTests = {
  'holds a lease for as long as it was asked for': async (subject) => {
    for (const mode of MODES) {
      const lease = await grant(subject, mode, { mode, leaseMs: HELD });
      await subject.pass(50);
      await intact(subject, mode, lease);
      assert.equal(await subject.store.renew(lease, HELD), true);
    }
  },

  'frees a key loaded at least once when the lease runs out': async (subject) => {
    const old = await grant(subject, 'k', { leaseMs: BRIEF });
    const taken = granted(
      await lapse(subject, BRIEF, () => subject.other.claim(asking(subject, 'k', { epoch: 'next' }))),
      'k',
    );
    await broken(subject, 'k', old);
    await intact(subject, 'k', taken);
    assert.equal(await subject.other.commit(taken, writing(subject, 'k', 'taken over')), 'stored');
    await broken(subject, 'k', old);
    await holds(subject, 'k', 'taken over');
  },

  'takes nothing from a lease that has run out, though nobody has taken over': async (subject) => {
    const old = await grant(subject, 'k', { leaseMs: BRIEF });
    await subject.pass(BRIEF + MARGIN);
    await broken(subject, 'k', old);
    await lacks(subject, 'k');
    assert.equal(await state(subject, 'k'), 'granted');
  },

  'calls a key loaded at most once abandoned when the lease runs out, and never free': async (subject) => {
    const lease = await grant(subject, 'k', { ...abandonable, epoch: 'first' });
    const ask = () => subject.other.claim(asking(subject, 'k', { mode: 'at_most_once', epoch: 'second' }));
    refused(await lapse(subject, BRIEF, ask), 'abandoned', lease);
    refused(await ask(), 'abandoned', lease);
    refused(await subject.store.claim(asking(subject, 'k')), 'abandoned', lease);
    await subject.pass(50);
    refused(await ask(), 'abandoned', lease);
  },

  'forgets a claim of at most once after its retention': async (subject) => {
    await grant(subject, 'k', { ...abandonable, retentionMs: 2 * BRIEF });
    const ask = () => subject.other.claim(asking(subject, 'k', abandonable));
    const outcome = await lapse(subject, 2 * BRIEF, ask, (kind) => kind === 'abandoned' || kind === 'busy');
    assert.equal(outcome.kind, 'granted');
  },

  'lets a holder of at most once come back that was given up': async (subject) => {
    const ask = (key: string) => () => subject.other.claim(asking(subject, key, { mode: 'at_most_once' }));
    const [renewing, committing] = [
      await grant(subject, 'r', abandonable),
      await grant(subject, 'c', abandonable),
    ];
    refused(await lapse(subject, BRIEF, ask('r')), 'abandoned', renewing);
    refused(await lapse(subject, 0, ask('c')), 'abandoned', committing);
    assert.equal(await subject.store.renew(renewing, HELD), true);
    await intact(subject, 'r', renewing);
    assert.equal(await subject.store.commit(committing, writing(subject, 'c', 'after all')), 'stored');
    await holds(subject, 'c', 'after all');
  },

  'prolongs a lease that is renewed': async (subject) => {
    const leases = new Map<string, Lease>();
    for (const mode of MODES) leases.set(mode, await grant(subject, mode, { mode, leaseMs: BRIEF }));
    for (const lease of leases.values()) assert.equal(await subject.store.renew(lease, HELD), true);
    await subject.pass(BRIEF + MARGIN);
    for (const [mode, lease] of leases) {
      await intact(subject, mode, lease);
      assert.equal(await subject.store.commit(lease, writing(subject, mode, 'x')), 'stored');
    }
  },

  'prolongs a lease by so much and no more': async (subject) => {
    for (const mode of MODES) {
      const lease = await grant(subject, mode, { mode, leaseMs: BRIEF });
      assert.equal(await subject.store.renew(lease, BRIEF), true);
      const ask = () => subject.other.claim(asking(subject, mode, { mode }));
      const { kind } = await lapse(subject, BRIEF, ask);
      assert.equal(kind, mode === 'at_most_once' ? 'abandoned' : 'granted');
    }
  },

  'gives a lease back without a record': async (subject) => {
    for (const mode of MODES) {
      const lease = await grant(subject, mode, { mode });
      await subject.store.release(lease);
      await lacks(subject, mode);
      const next = await grant(subject, mode, { mode }, subject.other);
      await broken(subject, mode, lease);
      await intact(subject, mode, next);
    }
  },

  'leaves the record alone that a lease was to replace': async (subject) => {
    const { backend, store, at } = subject;
    const data = Uint8Array.from([1, 2, 3]);
    await backend.write([{ key: at('k'), data, ttlMs: LONG }]);
    const lease = await grant(subject, 'k', { ignore: data });
    assert.equal(await store.renew(lease, HELD), true);
    await store.release(lease);
    await holds(subject, 'k', data);
  },

  'knows the ended lease no more, however it ended': async (subject) => {
    for (const mode of MODES) {
      for (const [end, finish] of Object.entries(ENDS)) {
        const key = `${mode} ${end}`;
        const lease = await grant(subject, key, { mode });
        await finish(subject, key, lease);
        await broken(subject, key, lease);
        await subject.backend.delete([subject.at(key)]);
        assert.equal(await state(subject, key, mode), 'granted', `${key}: a renewal has brought it back`);
      }
    }
  },

  'leaves the lease of another alone': async (subject) => {
    for (const mode of MODES) {
      const old = await grant(subject, mode, { mode });
      await subject.other.invalidate([subject.at(mode)]);
      const lease = await grant(subject, mode, { mode }, subject.other);
      for (const foreign of [old, { ...lease, token: token() }, { ...lease, token: '0'.repeat(32) }]) {
        await broken(subject, mode, foreign);
        await intact(subject, mode, lease);
      }
      assert.equal(await subject.other.commit(lease, writing(subject, mode, 'mine')), 'stored');
      await holds(subject, mode, 'mine');
    }
  },
} satisfies Record<string, AtomicTest>;
