import assert from 'node:assert/strict';
import {
  bytes,
  holds,
  LONG,
  lacks,
  outlive,
  put,
  type SharedSubject,
  type SharedTest,
} from './shared-subject.js';

const TOMBSTONE = { data: bytes('tombstone'), ttlMs: LONG };

async function bury({ backend, at }: SharedSubject, keys: readonly string[], ttlMs = LONG): Promise<void> {
  const done = await backend.delete(keys.map(at), { ...TOMBSTONE, ttlMs });
  assert.equal(typeof done, 'number', 'a delete that was done should answer with a number');
}

/** A delete with a tombstone says, for as long as that lives, that what lay there was declared wrong. */
export const buryingTests = {
  'leaves a tombstone in the place of each deleted record': async (subject) => {
    await put(subject, 'a', 'one');
    await put(subject, 'b', 'another');
    await bury(subject, ['a', 'b']);
    for (const key of ['a', 'b']) await holds(subject, key, TOMBSTONE.data);
  },

  'leaves a tombstone also where there was no record': async (subject) => {
    await bury(subject, ['a']);
    await holds({ ...subject, backend: subject.peer }, 'a', TOMBSTONE.data);
    const { backend, at } = subject;
    const late = { key: at('a'), data: bytes('loaded before'), ttlMs: LONG };
    assert.equal(
      await backend.fill(late, undefined),
      false,
      'a fill that saw nothing should find the tombstone',
    );
    const next = { key: at('a'), data: bytes('loaded after'), ttlMs: LONG };
    assert.equal(
      await backend.fill(next, TOMBSTONE.data),
      true,
      'a fill that saw the tombstone should replace it',
    );
    await holds(subject, 'a', 'loaded after');
  },

  'lets a tombstone end at its life': async (subject) => {
    await bury(subject, ['a'], 20);
    await outlive(subject, 'a', 20);
    await lacks(subject, 'a');
  },
} satisfies Record<string, SharedTest>;
