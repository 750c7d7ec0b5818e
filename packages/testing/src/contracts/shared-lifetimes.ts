import assert from 'node:assert/strict';
import {
  bytes,
  holds,
  LONG,
  lacks,
  look,
  outlive,
  put,
  type SharedTest,
  sameBytes,
  scans,
} from './shared-subject.js';

const TEN_YEARS = 315_360_000_000;

/** A life short enough to be waited for in real time. */
const SHORT = 20;

/** Lives are milliseconds, are kept, and are told. */
export const lifetimeTests = {
  'reports the life that is left': async (subject) => {
    await put(subject, 'k', 'x', LONG);
    const before = (await look(subject, 'k'))?.ttlMs ?? 0;
    assert.ok(before <= LONG && before > LONG - 60_000, `${before} ms left of ${LONG} just after the write`);
    await subject.pass(50);
    const after = (await look(subject, 'k'))?.ttlMs ?? 0;
    // A real timer may fire a moment early by the clock of the store.
    assert.ok(after <= LONG - 45, `${after} ms left of ${LONG}, 50 ms after the write`);
    assert.ok(after > LONG - 60_000, `${after} ms left of ${LONG}, 50 ms after the write`);
  },

  'knows no end for an endless record': async (subject) => {
    await put(subject, 'k', 'x', Number.POSITIVE_INFINITY);
    await subject.pass(SHORT);
    assert.equal((await look(subject, 'k'))?.ttlMs, Number.POSITIVE_INFINITY);
  },

  'keeps a life of ten years': async (subject) => {
    await put(subject, 'k', 'x', TEN_YEARS);
    await subject.pass(SHORT);
    const left = (await look(subject, 'k'))?.ttlMs ?? 0;
    assert.ok(left <= TEN_YEARS && left > TEN_YEARS - 60_000, `${left} ms left of ${TEN_YEARS}`);
  },

  'ends a record with its life': async (subject) => {
    await put(subject, 'short', 'x', SHORT);
    await put(subject, 'long', 'y');
    await outlive(subject, 'short', SHORT);
    await holds(subject, 'long', 'y');
  },

  'takes a life of one millisecond': async (subject) => {
    await put(subject, 'k', 'x', 1);
    await outlive(subject, 'k', 1);
  },

  'gives each record of one write its own life': async (subject) => {
    const { backend, at } = subject;
    await backend.write([
      { key: at('short'), data: bytes('a'), ttlMs: SHORT },
      { key: at('endless'), data: bytes('b'), ttlMs: Number.POSITIVE_INFINITY },
      { key: at('long'), data: bytes('c'), ttlMs: LONG },
    ]);
    await outlive(subject, 'short', SHORT);
    assert.equal((await look(subject, 'endless'))?.ttlMs, Number.POSITIVE_INFINITY);
    assert.ok(((await look(subject, 'long'))?.ttlMs ?? 0) <= LONG);
  },

  'replaces the life when it overwrites': async (subject) => {
    await put(subject, 'longer', 'a', SHORT);
    await put(subject, 'longer', 'b', Number.POSITIVE_INFINITY);
    await put(subject, 'shorter', 'a', Number.POSITIVE_INFINITY);
    await put(subject, 'shorter', 'b', SHORT);
    await outlive(subject, 'shorter', SHORT);
    await holds(subject, 'longer', 'b');
    assert.equal((await look(subject, 'longer'))?.ttlMs, Number.POSITIVE_INFINITY);
  },

  'does not count, scan or compare what has expired': async (subject) => {
    const { backend, at } = subject;
    await put(subject, 'dead:1', 'x', SHORT);
    await put(subject, 'dead:2', 'x', SHORT);
    await put(subject, 'alive', 'y');
    await outlive(subject, 'dead:1', SHORT);
    await outlive(subject, 'dead:2', SHORT);
    await scans(subject, '', ['alive']);
    assert.equal(await backend.deleteIfEqual(at('dead:1'), bytes('x')), false);
    assert.equal(await backend.delete([at('dead:1'), at('alive')]), 1);
    assert.equal(await backend.clear(at('dead:')), 0);
  },

  'gives an added record its life and leaves that of the one in place': async (subject) => {
    const { backend, at } = subject;
    await backend.add({ key: at('k'), data: bytes('first'), ttlMs: SHORT });
    await backend.add({ key: at('k'), data: bytes('second'), ttlMs: LONG });
    await outlive(subject, 'k', SHORT);
    await backend.add({ key: at('endless'), data: bytes('first'), ttlMs: Number.POSITIVE_INFINITY });
    await backend.add({ key: at('endless'), data: bytes('second'), ttlMs: LONG });
    assert.equal((await look(subject, 'endless'))?.ttlMs, Number.POSITIVE_INFINITY);
  },

  'adds again where a record has expired': async (subject) => {
    const { backend, at } = subject;
    await put(subject, 'k', 'old', SHORT);
    await outlive(subject, 'k', SHORT);
    sameBytes(await backend.add({ key: at('k'), data: bytes('new'), ttlMs: LONG }), 'new');
    await holds(subject, 'k', 'new');
    await lacks(subject, 'other');
  },
} satisfies Record<string, SharedTest>;
