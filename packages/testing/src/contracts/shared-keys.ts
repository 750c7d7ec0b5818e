import assert from 'node:assert/strict';
import {
  bytes,
  collect,
  holds,
  LONG,
  lacks,
  put,
  type SharedSubject,
  type SharedTest,
  scans,
} from './shared-subject.js';

/** Characters that mean something to a glob, a path, a protocol or a format somewhere. */
const AWKWARD = [
  ':',
  '*',
  '?',
  '[',
  ']',
  '{',
  '}',
  '\\',
  '%',
  '^',
  '-',
  '!',
  ' ',
  '\n',
  '\r\n',
  '\t',
  '\0',
  '"',
  "'",
  '$',
  '/',
  '.',
  '..',
  '../up',
  '~',
  '%2e',
  '%00',
  '\u00e9',
  'e\u0301',
  '\u65e5\u672c',
  '\u{1f600}',
  '\u202e',
  'K',
  'k',
  'nul',
  'con.txt',
  'a.',
];

const INHERITED = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', 'length', 'then'];

const LONG_KEY = 'long:'.padEnd(4_096, 'x');
const MANY = 2_500;

async function store(subject: SharedSubject, keys: readonly string[]): Promise<void> {
  await subject.backend.write(
    keys.map((key) => ({ key: subject.at(key), data: bytes(`<${key}>`), ttlMs: LONG })),
  );
}

/** Keys are opaque text; prefixes are literal. */
export const keyTests = {
  'keeps keys with awkward characters apart': async (subject) => {
    const keys = AWKWARD.flatMap((text) => [`k:${text}`, `k:${text}:x`, `k:x${text}`]);
    assert.equal(new Set(keys).size, keys.length);
    await store(subject, keys);
    for (const key of keys) await holds(subject, key, `<${key}>`);
    await scans(subject, 'k:', keys);
    assert.equal(await subject.backend.delete(keys.map(subject.at)), keys.length);
  },

  'keeps very long keys apart': async (subject) => {
    const keys = [LONG_KEY, `${LONG_KEY}1`, `${LONG_KEY}2`];
    await store(subject, keys);
    for (const key of keys) await holds(subject, key, `<${key}>`);
    await scans(subject, LONG_KEY, keys);
    assert.equal(await subject.backend.delete(keys.map(subject.at)), 3);
  },

  'takes no inherited property for a record': async (subject) => {
    const { backend, at } = subject;
    for (const key of INHERITED) await lacks(subject, key);
    assert.equal(await backend.delete(INHERITED.map(at)), 0);
    await store(subject, INHERITED);
    for (const key of INHERITED) await holds(subject, key, `<${key}>`);
    await scans(subject, '', INHERITED);
    assert.equal(Object.hasOwn(Object.prototype, 'data'), false);
  },

  'scans what starts with the prefix, and nothing else': async (subject) => {
    await store(subject, ['users', 'users:1', 'users:2', 'usersAbc:1', 'user', 'other:users:1', 'Users:3']);
    await scans(subject, 'users:', ['users:1', 'users:2']);
    await scans(subject, 'users', ['users', 'users:1', 'users:2', 'usersAbc:1']);
    await scans(subject, 'nothing', []);
  },

  'takes the characters of a glob in a prefix literally': async (subject) => {
    const prefixes = ['a*b', 'a?b', 'a[xy]b', 'a[^z]b', 'a\\*b', 'a\\b', 'a{x,y}b', 'a**b'];
    const decoys = ['axb', 'ayb', 'azzb', 'ab', 'a/x/b', 'aab'];
    await store(
      subject,
      [...prefixes, ...decoys].map((prefix) => `${prefix}:1`),
    );
    for (const prefix of prefixes) await scans(subject, `${prefix}:`, [`${prefix}:1`]);
    for (const prefix of prefixes)
      assert.equal(await subject.backend.clear(subject.at(`${prefix}:`)), 1, prefix);
    await scans(
      subject,
      'a',
      decoys.map((decoy) => `${decoy}:1`),
    );
  },

  'scans each of many keys once, whatever is written meanwhile': async (subject) => {
    const { backend, at } = subject;
    const keys = Array.from({ length: MANY }, (_, index) => `many:${index}`);
    await store(subject, keys);
    const scanning = collect(backend.scan(at('many:')));
    await store(
      subject,
      keys.map((key) => `other:${key}`),
    );
    assert.deepEqual((await scanning).sort(), keys.map(at).sort());
  },

  'goes on scanning while what it yields is deleted': async (subject) => {
    const { backend, at } = subject;
    await store(
      subject,
      Array.from({ length: 60 }, (_, index) => `k:${index}`),
    );
    for await (const key of backend.scan(at('k:'))) assert.equal(await backend.delete([key]), 1, key);
    await scans(subject, 'k:', []);
  },

  'can be left in the middle of a scan': async (subject) => {
    const { backend, at } = subject;
    await store(
      subject,
      Array.from({ length: 60 }, (_, index) => `k:${index}`),
    );
    for await (const key of backend.scan(at('k:'))) {
      assert.ok(key.startsWith(at('k:')));
      break;
    }
    await holds(subject, 'k:7', '<k:7>');
  },

  'clears what starts with the prefix, and nothing else': async (subject) => {
    const { backend, at } = subject;
    await store(subject, ['users', 'users:1', 'users:2', 'usersAbc:1', 'user', 'other:users:1']);
    assert.equal(await backend.clear(at('users:')), 2);
    assert.equal(await backend.clear(at('users:')), 0);
    await scans(subject, '', ['users', 'usersAbc:1', 'user', 'other:users:1']);
    assert.equal(await backend.clear(at('')), 4);
    await scans(subject, '', []);
  },

  'clears many keys and says how many there were': async (subject) => {
    const { backend, at } = subject;
    await put(subject, 'kept', 'x');
    await store(
      subject,
      Array.from({ length: MANY }, (_, index) => `many:${index}`),
    );
    assert.equal(await backend.clear(at('many:')), MANY);
    await scans(subject, '', ['kept']);
  },
} satisfies Record<string, SharedTest>;
