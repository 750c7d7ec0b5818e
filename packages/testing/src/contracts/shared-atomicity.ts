import assert from 'node:assert/strict';
import type { SharedBackend } from 'recollect';
import {
  bytes,
  holds,
  LONG,
  lacks,
  look,
  put,
  type SharedSubject,
  type SharedTest,
  sameBytes,
} from './shared-subject.js';

const ROUNDS = 25;
const CONTENDERS = 16;

/** The contenders take turns at the two backends, so that neither's own queue can make the race harmless. */
const race = <T>(
  { backend, peer }: SharedSubject,
  run: (through: SharedBackend, index: number) => Promise<T>,
) =>
  Promise.all(Array.from({ length: CONTENDERS }, (_, index) => run(index % 2 === 0 ? backend : peer, index)));

/** Uniform data: bytes of two writers in one record show. */
const block = (fill: number) => new Uint8Array(65_536).fill(fill);

function assertWhole(data: Uint8Array | undefined): void {
  if (data !== undefined) sameBytes(data, block(data[0] ?? 0), 'a record under contention');
}

/** Deleting, adding and comparing, alone and in each other's way. */
export const atomicityTests = {
  'deletes and says how many there were': async (subject) => {
    const { backend, at } = subject;
    await put(subject, 'a', '1');
    await put(subject, 'b', '2');
    await put(subject, 'c', '3');
    assert.equal(await backend.delete(['a', 'missing', 'b'].map(at)), 2);
    assert.equal(await backend.delete(['a', 'b'].map(at)), 0);
    await lacks(subject, 'a');
    await lacks(subject, 'b');
    await holds(subject, 'c', '3');
    assert.equal(await backend.delete(['c', 'c'].map(at)), 1, 'a key named twice was there once');
  },

  'adds where nothing is and answers with what lies there': async (subject) => {
    const { backend, at } = subject;
    const add = (text: string) => backend.add({ key: at('k'), data: bytes(text), ttlMs: LONG });
    sameBytes(await add('first'), 'first');
    sameBytes(await add('second'), 'first');
    await holds(subject, 'k', 'first');
    await backend.delete([at('k')]);
    sameBytes(await add('third'), 'third');
  },

  'does not add over empty data': async (subject) => {
    await put(subject, 'k', '');
    sameBytes(await subject.backend.add({ key: subject.at('k'), data: bytes('x'), ttlMs: LONG }), '');
    await holds(subject, 'k', '');
  },

  'lets one of many concurrent adds win, and all of them agree': async (subject) => {
    const answers = await race(subject, (through, index) =>
      through.add({ key: subject.at('k'), data: bytes(`offer ${index}`), ttlMs: LONG }),
    );
    const winner = Buffer.from((await look(subject, 'k'))?.data ?? []).toString();
    assert.match(winner, /^offer \d+$/);
    for (const answer of answers) sameBytes(answer, winner, 'what add answered');
  },

  'never lets an add take the place of a write': async (subject) => {
    const { backend, peer, at } = subject;
    for (let round = 0; round < ROUNDS; round += 1) {
      const key = `k${round}`;
      const adding = peer.add({ key: at(key), data: bytes('added'), ttlMs: LONG });
      await Promise.all([adding, backend.write([{ key: at(key), data: bytes('written'), ttlMs: LONG }])]);
      await holds(subject, key, 'written');
    }
  },

  'deletes what is equal and leaves what is not': async (subject) => {
    const { backend, at } = subject;
    await put(subject, 'k', 'abc');
    for (const other of ['abd', 'ab', 'abcd', 'ABC', '']) {
      assert.equal(await backend.deleteIfEqual(at('k'), bytes(other)), false, `'abc' is not '${other}'`);
    }
    await holds(subject, 'k', 'abc');
    assert.equal(await backend.deleteIfEqual(at('missing'), bytes('abc')), false);
    assert.equal(await backend.deleteIfEqual(at('missing'), bytes('')), false, 'nothing is not empty data');
    assert.equal(await backend.deleteIfEqual(at('k'), bytes('abc')), true);
    await lacks(subject, 'k');
    await put(subject, 'empty', '');
    assert.equal(await backend.deleteIfEqual(at('empty'), bytes('')), true);
    await lacks(subject, 'empty');
  },

  'compares bytes, not text': async (subject) => {
    const { backend, at } = subject;
    // Two byte sequences that are no text: read as UTF-8 both become the same replacement character.
    const stored = Uint8Array.from([0xff, 0x00]);
    await backend.write([{ key: at('k'), data: stored, ttlMs: LONG }]);
    assert.equal(await backend.deleteIfEqual(at('k'), Uint8Array.from([0xfe, 0x00])), false);
    assert.equal(await backend.deleteIfEqual(at('k'), stored), true);
  },

  'lets one of many concurrent comparing deletes succeed': async (subject) => {
    await put(subject, 'k', 'same');
    const done = await race(subject, (through) => through.deleteIfEqual(subject.at('k'), bytes('same')));
    assert.equal(done.filter(Boolean).length, 1);
    await lacks(subject, 'k');
  },

  'never deletes the newer record instead of the one compared': async (subject) => {
    const { backend, peer, at } = subject;
    for (let round = 0; round < ROUNDS; round += 1) {
      const key = `k${round}`;
      await put(subject, key, 'old');
      const deleting = peer.deleteIfEqual(at(key), bytes('old'));
      await Promise.all([deleting, backend.write([{ key: at(key), data: bytes('new'), ttlMs: LONG }])]);
      await holds(subject, key, 'new');
    }
  },

  'leaves one whole record of many concurrent writers, and shows whole ones meanwhile': async (subject) => {
    const key = subject.at('k');
    const seen: (Uint8Array | undefined)[] = [];
    await race(subject, async (through, index) => {
      const reading = through.read([key]);
      await through.write([{ key, data: block(index + 1), ttlMs: LONG }]);
      seen.push((await reading)[0]?.data, (await through.read([key]))[0]?.data);
    });
    for (const data of seen) assertWhole(data);
    const last = await look(subject, 'k');
    assert.ok(last !== undefined, 'the key was written and never deleted');
    assertWhole(last.data);
  },

  'shows to others what it has stored': async (subject) => {
    const { peer, at } = subject;
    await put(subject, 'k', 'from here');
    sameBytes((await peer.read([at('k')]))[0]?.data, 'from here');
    await peer.write([{ key: at('k'), data: bytes('from there'), ttlMs: LONG }]);
    await holds(subject, 'k', 'from there');
    await peer.delete([at('k')]);
    await lacks(subject, 'k');
  },
} satisfies Record<string, SharedTest>;
