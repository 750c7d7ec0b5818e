import assert from 'node:assert/strict';
import type { Lease } from 'recollect';
import { type AtomicTest, broken, grant, intact, MODES, state, writing } from './atomic-subject.js';
import { holds, lacks } from './shared-subject.js';

/** Characters that mean something to a path, a protocol or a format somewhere; and a hash tag, as a cluster reads it. */
const ODD = [
  ':',
  '::',
  '%',
  '%3A',
  '%7E',
  '~',
  '~1',
  '"',
  "'",
  '`',
  ' ',
  '  ',
  '\t',
  '\n',
  '\r\n',
  '\0',
  '/',
  '..',
  '\\',
  '*',
  '?',
  '[a]',
  '{x}',
  '{y}',
  '\u00e9',
  'e\u0301',
  '\u65e5\u672c',
  '\u{1f600}',
  'K',
  'k',
  'undefined',
  '__proto__',
];

/** What a store may call its own notes beside a record. */
const NOTES = ['v', 'l', 'h', 'f', 'lock', 'lease', 'claim', 'fence', 'token', 'heartbeat'];

const LONG_KEY = 'long:'.padEnd(4_096, 'x');

/** Keys are opaque text. */
export const atomicKeyTests = {
  'keeps the leases and records of odd keys apart': async (subject) => {
    const keys = [...ODD.flatMap((text) => [`k${text}`, `k${text}x`]), LONG_KEY, `${LONG_KEY}1`];
    assert.equal(new Set(keys).size, keys.length);
    const leases = new Map<string, Lease>();
    for (const [index, key] of keys.entries())
      leases.set(key, await grant(subject, key, { mode: MODES[index % 2] ?? MODES[0] }));
    for (const [key, lease] of leases) {
      assert.equal(lease.key, subject.at(key));
      await intact(subject, key, lease);
    }
    for (const [key, lease] of leases)
      assert.equal(await subject.store.commit(lease, writing(subject, key, `<${key}>`)), 'stored', key);
    for (const key of keys) await holds(subject, key, `<${key}>`);
    assert.equal(await subject.other.invalidate(keys.map(subject.at)), keys.length);
    for (const key of keys) await lacks(subject, key);
  },

  'takes no note of its own for a record, nor the other way round': async (subject) => {
    for (const mode of MODES) {
      const key = `k ${mode}`;
      const beside = NOTES.flatMap((note) => [`${key}:${note}`, `${key}.${note}`, `{${key}}:${note}`]);
      const lease = await grant(subject, key, { mode, numbered: true });
      for (const name of beside) {
        await lacks(subject, name);
        await subject.store.settle(writing(subject, name, 'x'));
      }
      await intact(subject, key, lease);
      assert.equal(await subject.store.invalidate(beside.map(subject.at)), beside.length);
      await intact(subject, key, lease);
      assert.equal(await subject.store.commit(lease, writing(subject, key, 'x')), 'stored');
    }
  },

  'takes no inherited property for a claim': async (subject) => {
    for (const key of ['__proto__', 'constructor', 'toString', 'length', 'then']) {
      assert.equal(await state(subject, key), 'granted');
      const lease = await grant(subject, key, { numbered: true });
      assert.ok(Number.isSafeInteger(lease.fence), `the fence number is ${lease.fence}`);
      await subject.other.invalidate([subject.at(key)]);
      await broken(subject, key, lease);
    }
  },
} satisfies Record<string, AtomicTest>;
