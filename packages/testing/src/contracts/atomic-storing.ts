import assert from 'node:assert/strict';
import { type AtomicSubject, type AtomicTest, asking, grant, state, writing } from './atomic-subject.js';
import { bytes, holds, LONG, look, outlive, put, sameBytes } from './shared-subject.js';

const SHORT = 20;
const MINUTE = 60_000;

/** The same bytes in every run, and none of them text. */
function noise(length: number): Uint8Array {
  const data = new Uint8Array(length);
  let state = 0x9e3779b9;
  for (let index = 0; index < length; index += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    data[index] = state >>> 24;
  }
  return data;
}

const DATA: Readonly<Record<string, Uint8Array>> = {
  noise: noise(4_099),
  large: noise(300_000),
  empty: new Uint8Array(0),
  'every byte': Uint8Array.from({ length: 256 }, (_, byte) => byte),
  'a number': bytes('42'),
  'line ends': bytes('\r\n$-1\r\n'),
};

async function settle(
  { store, at }: AtomicSubject,
  key: string,
  data: Uint8Array,
  ttlMs = LONG,
): Promise<void> {
  await store.settle({ key: at(key), data, ttlMs });
}

async function commit(subject: AtomicSubject, key: string, data: Uint8Array, ttlMs = LONG): Promise<void> {
  const lease = await grant(subject, key);
  assert.equal(await subject.store.commit(lease, { key: lease.key, data, ttlMs }), 'stored');
}

/** Both ways to store something over leases. */
const STORING = { commit, settle };

/** What is stored: bytes and lives. */
export const storingTests = {
  'stores just the bytes it is given': async (subject) => {
    for (const [way, store] of Object.entries(STORING)) {
      for (const [name, data] of Object.entries(DATA)) {
        await store(subject, `${way} ${name}`, data);
        await holds(subject, `${way} ${name}`, data);
        const outcome = await subject.other.claim(asking(subject, `${way} ${name}`));
        if (outcome.kind !== 'stored') assert.fail(`the claim is ${outcome.kind} instead of stored`);
        sameBytes(outcome.record.data, data, `what a claim finds of ${name}`);
      }
    }
  },

  'stores the view it is given, and no change made to it later': async (subject) => {
    for (const [way, store] of Object.entries(STORING)) {
      const buffer = Uint8Array.from([1, 2, 3, 4, 5, 6]);
      await store(subject, way, buffer.subarray(2, 4));
      buffer.fill(0);
      await holds(subject, way, Uint8Array.from([3, 4]));
      const outcome = await subject.store.claim(asking(subject, way));
      if (outcome.kind === 'stored') outcome.record.data.fill(0);
      await holds(subject, way, Uint8Array.from([3, 4]));
    }
  },

  'gives what it stores the life it is to have': async (subject) => {
    for (const [way, store] of Object.entries(STORING)) {
      const [short, long, endless] = ['short', 'long', 'endless'].map((life) => `${way} ${life}`) as [
        string,
        string,
        string,
      ];
      await store(subject, short, bytes('x'), SHORT);
      await store(subject, long, bytes('x'), LONG);
      await store(subject, endless, bytes('x'), Number.POSITIVE_INFINITY);
      await outlive(subject, short, SHORT);
      assert.equal(await state(subject, short), 'granted');
      const left = (await look(subject, long))?.ttlMs ?? 0;
      assert.ok(left <= LONG && left > LONG - MINUTE, `${left} ms left of ${LONG} after a ${way}`);
      assert.equal((await look(subject, endless))?.ttlMs, Number.POSITIVE_INFINITY);
    }
  },

  'replaces the life of what was there': async (subject) => {
    for (const [way, store] of Object.entries(STORING)) {
      await put(subject, way, 'old', SHORT);
      const lease = await grant(subject, way, { ignore: bytes('old') });
      if (way === 'settle') await store(subject, way, bytes('new'), Number.POSITIVE_INFINITY);
      else await subject.store.commit(lease, writing(subject, way, 'new', Number.POSITIVE_INFINITY));
      await subject.pass(2 * SHORT);
      await holds(subject, way, 'new');
    }
  },
} satisfies Record<string, AtomicTest>;
