import assert from 'node:assert/strict';
import type { SharedBackend } from 'recollect';
import {
  bytes,
  holds,
  LONG,
  lacks,
  look,
  outlive,
  put,
  type SharedSubject,
  type SharedTest,
} from './shared-subject.js';

const ROUNDS = 25;
const CONTENDERS = 16;
const SHORT = 20;

/** Too large for one packet, and no two neighbours alike. */
const LARGE = Uint8Array.from({ length: 300_000 }, (_, index) => (index * 31) % 251);

const DATA: Readonly<Record<string, Uint8Array>> = {
  text: bytes('some text'),
  empty: new Uint8Array(0),
  'every byte': Uint8Array.from({ length: 256 }, (_, byte) => byte),
  large: LARGE,
};

async function filling(
  { backend, at }: SharedSubject,
  key: string,
  text: string,
  expected?: Uint8Array | string,
  ttlMs = LONG,
): Promise<boolean | undefined> {
  const there = typeof expected === 'string' ? bytes(expected) : expected;
  return backend.fill({ key: at(key), data: bytes(text), ttlMs }, there);
}

/** The contenders take turns at the two backends; it answers who has filled. */
async function race(
  { backend, peer, at }: SharedSubject,
  key: string,
  expected: Uint8Array | undefined,
): Promise<number[]> {
  const filled = await Promise.all(
    Array.from({ length: CONTENDERS }, (_, index) => {
      const through: SharedBackend = index % 2 === 0 ? backend : peer;
      return through.fill({ key: at(key), data: bytes(`fill ${index}`), ttlMs: LONG }, expected);
    }),
  );
  return filled.flatMap((isDone, index) => (isDone ? [index] : []));
}

/** A fill stores where nothing has changed since its caller looked. */
export const fillingTests = {
  'fills what holds nothing, whatever was expected': async (subject) => {
    assert.equal(await filling(subject, 'a', 'first'), true);
    await holds(subject, 'a', 'first');
    assert.equal(await filling(subject, 'b', 'second', 'what has gone meanwhile'), true);
    await holds(subject, 'b', 'second');
    assert.equal(await filling(subject, 'c', 'third', ''), true);
    await holds(subject, 'c', 'third');
  },

  'fills over what was expected': async (subject) => {
    const { backend, at } = subject;
    for (const [name, data] of Object.entries(DATA)) {
      await backend.write([{ key: at(name), data, ttlMs: LONG }]);
      assert.equal(await filling(subject, name, 'next', data), true, name);
      await holds(subject, name, 'next');
    }
  },

  'fills over nothing else': async (subject) => {
    await put(subject, 'k', 'abc');
    for (const other of ['abd', 'ab', 'abcd', 'ABC', 'xbc', '', undefined]) {
      assert.equal(await filling(subject, 'k', 'x', other), false, `'abc' is not '${other}'`);
      await holds(subject, 'k', 'abc');
    }
    const { backend, at } = subject;
    const last = LARGE.slice();
    last[last.length - 1] = 255;
    await backend.write([{ key: at('large'), data: LARGE, ttlMs: LONG }]);
    assert.equal(await filling(subject, 'large', 'x', last), false);
    await holds(subject, 'large', LARGE);
  },

  'tells empty data from nothing when it fills': async (subject) => {
    await put(subject, 'k', '');
    assert.equal(await filling(subject, 'k', 'x'), false);
    await holds(subject, 'k', '');
    assert.equal(await filling(subject, 'k', 'y', ''), true);
    await holds(subject, 'k', 'y');
  },

  'compares bytes, not text, when it fills': async (subject) => {
    const { backend, at } = subject;
    // Two byte sequences that are no text: read as UTF-8 both become the same replacement character.
    const stored = Uint8Array.from([0xff, 0x00]);
    await backend.write([{ key: at('k'), data: stored, ttlMs: LONG }]);
    assert.equal(await filling(subject, 'k', 'x', Uint8Array.from([0xfe, 0x00])), false);
    assert.equal(await filling(subject, 'k', 'x', stored), true);
  },

  'fills with just the bytes it is given': async (subject) => {
    const { backend, at } = subject;
    for (const [name, data] of Object.entries(DATA)) {
      const record = { key: at(name), data, ttlMs: LONG };
      assert.equal(await backend.fill(record, undefined), true, name);
      await holds(subject, name, data);
      await put(subject, name, 'between');
      assert.equal(await backend.fill(record, bytes('between')), true, name);
      await holds(subject, name, data);
    }
  },

  'is not changed by a caller who reuses what a fill was given': async (subject) => {
    const { backend, at } = subject;
    const data = Uint8Array.from([1, 2, 3, 4]);
    await backend.fill({ key: at('k'), data: data.subarray(1, 3), ttlMs: LONG }, undefined);
    data.fill(0);
    await holds(subject, 'k', Uint8Array.from([2, 3]));
    const [expected, next] = [Uint8Array.from([2, 3]), Uint8Array.from([5])];
    assert.equal(await backend.fill({ key: at('k'), data: next, ttlMs: LONG }, expected), true);
    assert.deepEqual([[...expected], [...next]], [[2, 3], [5]]);
    next.fill(0);
    await holds(subject, 'k', Uint8Array.from([5]));
  },

  'fills where a record has expired': async (subject) => {
    for (const expected of [undefined, 'old', 'older']) {
      const key = `after ${expected}`;
      await put(subject, key, 'old', SHORT);
      await outlive(subject, key, SHORT);
      assert.equal(await filling(subject, key, 'new', expected), true, `${expected} was expected`);
      await holds(subject, key, 'new');
    }
  },

  'gives what it fills its life, and leaves that of what it does not': async (subject) => {
    const endless = Number.POSITIVE_INFINITY;
    await filling(subject, 'short', 'x', undefined, SHORT);
    await outlive(subject, 'short', SHORT);
    await filling(subject, 'k', 'x', undefined, endless);
    assert.equal((await look(subject, 'k'))?.ttlMs, endless);
    assert.equal(await filling(subject, 'k', 'y', 'other', SHORT), false);
    assert.equal((await look(subject, 'k'))?.ttlMs, endless);
    assert.equal(await filling(subject, 'k', 'y', 'x', LONG), true);
    const left = (await look(subject, 'k'))?.ttlMs ?? 0;
    assert.ok(left <= LONG && left > LONG - 60_000, `${left} ms left of ${LONG}`);
    await put(subject, 'kept', 'x', SHORT);
    await filling(subject, 'kept', 'y', 'other', LONG);
    await outlive(subject, 'kept', SHORT);
    await lacks(subject, 'kept');
  },

  'lets one of many concurrent fills win': async (subject) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const expected = round % 2 === 0 ? undefined : bytes('old');
      if (expected !== undefined) await put(subject, `k${round}`, 'old');
      const winners = await race(subject, `k${round}`, expected);
      assert.equal(winners.length, 1, `${winners.length} fills say that they have stored`);
      await holds(subject, `k${round}`, `fill ${winners[0]}`);
    }
  },

  'never lets a fill take the place of a write': async (subject) => {
    const { backend, peer, at } = subject;
    for (let round = 0; round < ROUNDS; round += 1) {
      const key = at(`k${round}`);
      await put(subject, `k${round}`, 'old');
      const write = () => backend.write([{ key, data: bytes('written'), ttlMs: LONG }]);
      const fill = () => peer.fill({ key, data: bytes('filled'), ttlMs: LONG }, bytes('old'));
      await Promise.all(round % 2 === 0 ? [fill(), write()] : [write(), fill()]);
      await holds(subject, `k${round}`, 'written');
    }
  },
} satisfies Record<string, SharedTest>;
