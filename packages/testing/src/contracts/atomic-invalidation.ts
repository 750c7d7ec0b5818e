import assert from 'node:assert/strict';
import type { Lease } from 'recollect';
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
  state,
  writing,
} from './atomic-subject.js';
import { collect, holds, LONG, lacks, outlive, put } from './shared-subject.js';

/** More than a store may take in one bite. */
const MANY = 1_200;

const FENCES = 25;

/** What an invalidation does, and that fence numbers only grow whatever happens. */
export const invalidationTests = {
  'deletes records and says how many there were': async (subject) => {
    const { store, at } = subject;
    for (const key of ['a', 'b', 'c']) await put(subject, key, `<${key}>`);
    assert.equal(await store.invalidate(['a', 'missing', 'b'].map(at)), 2);
    assert.equal(await store.invalidate(['a', 'b'].map(at)), 0);
    await lacks(subject, 'a');
    await lacks(subject, 'b');
    await holds(subject, 'c', '<c>');
    assert.equal(await store.invalidate(['c', 'c'].map(at)), 1, 'a key named twice was there once');
    assert.equal(await store.invalidate([]), 0);
  },

  'does not count what has expired, nor a lease': async (subject) => {
    await put(subject, 'dead', 'x', 20);
    await outlive(subject, 'dead', 20);
    await grant(subject, 'leased');
    assert.equal(await subject.store.invalidate(['dead', 'leased'].map(subject.at)), 0);
  },

  'breaks the leases on its keys, and no others': async (subject) => {
    for (const mode of MODES) {
      const data = Uint8Array.from([7]);
      await subject.backend.write([{ key: subject.at(`${mode} old`), data, ttlMs: LONG }]);
      const keys = ['first', 'second', 'old', 'kept'].map((key) => `${mode} ${key}`);
      const leases = new Map<string, Lease>();
      for (const key of keys) leases.set(key, await grant(subject, key, { mode, ignore: data }));
      assert.equal(await subject.other.invalidate(keys.slice(0, 3).map(subject.at)), 1);
      const kept = leases.get(`${mode} kept`) as Lease;
      for (const [key, lease] of leases) {
        if (lease === kept) await intact(subject, key, lease);
        else await broken(subject, key, lease);
        if (lease !== kept) assert.equal(await state(subject, key, mode), 'granted');
      }
      assert.equal(await subject.store.commit(kept, writing(subject, `${mode} kept`, 'x')), 'stored');
    }
  },

  'frees what is abandoned': async (subject) => {
    const mode = 'at_most_once';
    await grant(subject, 'k', { mode, leaseMs: BRIEF });
    const ask = () => subject.other.claim(asking(subject, 'k', { mode }));
    assert.equal((await lapse(subject, BRIEF, ask)).kind, 'abandoned');
    await subject.other.invalidate([subject.at('k')]);
    assert.equal((await ask()).kind, 'granted');
  },

  'takes many keys at once': async (subject) => {
    const { backend, store, other, at } = subject;
    const keys = Array.from({ length: MANY }, (_, index) => at(`many:${index}`));
    const data = Uint8Array.from([1]);
    await backend.write(
      keys.filter((_, index) => index % 2 === 0).map((key) => ({ key, data, ttlMs: LONG })),
    );
    const leased = keys.filter((_, index) => index % 100 === 1 || index === MANY - 1);
    const claims = leased.map((key) => ({ ...asking(subject, ''), key }));
    const leases = await Promise.all(
      claims.map(async (claim) => granted(await store.claim(claim), claim.key)),
    );
    assert.equal(await other.invalidate(keys), MANY / 2);
    assert.deepEqual(new Set(await backend.read(keys)), new Set([undefined]));
    for (const lease of leases) assert.equal(await store.renew(lease, 1_000), false, lease.key);
  },

  'lets no lease through that was claimed before': async (subject) => {
    const { store, other, at } = subject;
    for (let round = 0; round < FENCES; round += 1) {
      const key = `k${round}`;
      const [outcome] = await Promise.all([store.claim(asking(subject, key)), other.invalidate([at(key)])]);
      const lease = granted(outcome, key);
      await other.invalidate([at(key)]);
      await broken(subject, key, lease);
      await lacks(subject, key);
    }
  },

  'numbers the leases on a key upwards, whatever happens between': async (subject) => {
    const { store, other, at } = subject;
    let last = Number.NEGATIVE_INFINITY;
    const next = async (
      change: Partial<Lease> & { leaseMs?: number; supersede?: string } = {},
      through = store,
    ) => {
      const lease = await grant(subject, 'k', { numbered: true, ...change }, through);
      assert.ok(Number.isSafeInteger(lease.fence), `the fence number is ${lease.fence}`);
      assert.ok((lease.fence ?? 0) > last, `fence number ${lease.fence} follows ${last}`);
      last = lease.fence ?? 0;
      return lease;
    };
    await store.release(await next());
    await other.commit(await next({ mode: 'at_most_once' }, other), writing(subject, 'k', 'x'));
    assert.equal(await other.invalidate([at('k')]), 1);
    await next();
    await other.invalidate([at('k')]);
    await store.release(await grant(subject, 'k', { numbered: false }));
    const old = await next({}, other);
    const taken = await next({ supersede: old.token });
    await other.settle(writing(subject, 'k', 'y'));
    await subject.backend.delete([at('k')]);
    await broken(subject, 'k', taken);
    await next({ leaseMs: BRIEF });
    await lapse(subject, BRIEF, async () => {
      const outcome = await other.claim(asking(subject, 'k', { numbered: false }));
      if (outcome.kind === 'granted') await other.release(outcome.lease);
      return outcome;
    });
    await next({}, other);
  },

  'never gives one fence number twice': async (subject) => {
    const fences: (number | undefined)[] = [];
    for (let round = 0; round < FENCES; round += 1) {
      const turned = round % 2 === 0 ? subject : { ...subject, store: subject.other, other: subject.store };
      await contend(turned, 4, async (through) => {
        const outcome = await through.claim(asking(subject, 'k', { numbered: true }));
        if (outcome.kind !== 'granted') return;
        fences.push(outcome.lease.fence);
        await through.release(outcome.lease);
      });
    }
    assert.ok(fences.length >= FENCES, `${fences.length} claims in ${FENCES} rounds`);
    assert.deepEqual([...new Set(fences)], fences);
  },

  'shows no claim among the records': async (subject) => {
    const { backend, store, at } = subject;
    for (const mode of MODES) await grant(subject, `k:${mode}`, { mode, numbered: true });
    await put(subject, 'k:record', 'x');
    assert.deepEqual(await collect(backend.scan(at(''))), [at('k:record')]);
    assert.equal(await store.invalidate(MODES.map((mode) => at(`k:${mode}`))), 0);
    for (const mode of MODES) await grant(subject, `k:${mode}`, { mode, numbered: true });
    assert.equal(await backend.clear(at('')), 1);
  },
} satisfies Record<string, AtomicTest>;
