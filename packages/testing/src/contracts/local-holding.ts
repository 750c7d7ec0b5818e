import assert from 'node:assert/strict';
import { TestEntry } from '../test-entry.js';
import { fill, holdsJust, type LocalTest, left } from './local-subject.js';

const INHERITED = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', ''];

/** What goes in, what comes out, and that each entry leaves once. */
export const holdingTests = {
  'has a kind and says whose the values are': ({ make }) => {
    const backend = make();
    assert.ok(typeof backend.kind === 'string' && backend.kind.length > 0, 'kind should be a name');
    assert.ok(['copy', 'reference'].includes(backend.isolation), `isolation is ${String(backend.isolation)}`);
  },

  'holds what it was given': (subject) => {
    const backend = subject.make();
    holdsJust(subject, backend, []);
    const entries = fill(subject, backend, 'a', 'b');
    holdsJust(subject, backend, entries);
    assert.equal(backend.get('a'), entries[0]);
    assert.equal(backend.get('b'), entries[1]);
    assert.equal(backend.get('c'), undefined);
  },

  'retires the entry it replaces': (subject) => {
    const backend = subject.make();
    const [first] = fill(subject, backend, 'k');
    const second = new TestEntry('k', Number.POSITIVE_INFINITY, 7);
    backend.set(second);
    assert.equal(backend.get('k'), second);
    left(first as TestEntry, 'replaced');
    holdsJust(subject, backend, [second]);
  },

  'retires what is deleted': (subject) => {
    const backend = subject.make();
    const [first, second] = fill(subject, backend, 'a', 'b') as [TestEntry, TestEntry];
    assert.equal(backend.delete('a'), true);
    assert.equal(backend.delete('a'), false);
    assert.equal(backend.delete('missing'), false);
    assert.equal(backend.get('a'), undefined);
    left(first, 'deleted');
    holdsJust(subject, backend, [second]);
  },

  'retires everything when it is cleared, and goes on': (subject) => {
    const backend = subject.make();
    const entries = fill(subject, backend, 'a', 'b', 'c');
    backend.clear();
    for (const entry of entries) left(entry, 'deleted');
    holdsJust(subject, backend, []);
    backend.clear();
    holdsJust(subject, backend, fill(subject, backend, 'a'));
  },

  'retires an entry at the moment it expires, and not before': (subject) => {
    const backend = subject.make();
    const entry = new TestEntry('k', subject.clock.now() + 100);
    const endless = new TestEntry('endless');
    backend.set(entry);
    backend.set(endless);
    subject.clock.advance(99);
    assert.equal(backend.get('k'), entry);
    subject.clock.advance(1);
    assert.equal(backend.get('k'), undefined);
    assert.equal(backend.get('k'), undefined);
    left(entry, 'expired');
    subject.clock.advance(1e12);
    assert.equal(backend.get('endless'), endless);
    holdsJust(subject, backend, [endless]);
  },

  'retires an expired entry once, whatever meets it first': (subject) => {
    const backend = subject.make();
    const [replaced, deleted, cleared] = fill(subject, backend, 'replaced', 'deleted', 'cleared');
    subject.clock.advance(3_600_000);
    const [next] = fill(subject, backend, 'replaced');
    backend.delete('deleted');
    assert.equal(backend.get('replaced'), next);
    backend.clear();
    left(replaced as TestEntry, 'expired', 'replaced');
    left(deleted as TestEntry, 'expired', 'deleted');
    left(cleared as TestEntry, 'expired', 'deleted');
    holdsJust(subject, backend, []);
  },

  'takes no inherited property for an entry': (subject) => {
    const backend = subject.make();
    for (const key of INHERITED) assert.equal(backend.get(key), undefined);
    for (const key of INHERITED) assert.equal(backend.delete(key), false);
    const entries = fill(subject, backend, ...INHERITED);
    for (const entry of entries) assert.equal(backend.get(entry.key), entry);
    holdsJust(subject, backend, entries);
  },

  'lists its keys while they are deleted': (subject) => {
    const backend = subject.make();
    fill(subject, backend, 'a', 'b', 'c', 'd');
    for (const key of backend.keys()) assert.equal(backend.delete(key), true);
    holdsJust(subject, backend, []);
  },

  'may be used by whoever hears that an entry has left': (subject) => {
    const backend = subject.make();
    const [old, other] = fill(subject, backend, 'k', 'other') as [TestEntry, TestEntry];
    old.onRetire = () => {
      assert.notEqual(backend.get('k'), old, 'an entry that has left is still there');
      backend.delete('other');
    };
    const next = new TestEntry('k');
    backend.set(next);
    left(old, 'replaced');
    left(other, 'deleted');
    holdsJust(subject, backend, [next]);
  },

  'clears while whoever hears of it deletes more': (subject) => {
    const backend = subject.make();
    const entries = fill(subject, backend, 'a', 'b', 'c');
    for (const entry of entries)
      entry.onRetire = () => ['a', 'b', 'c'].forEach((key) => void backend.delete(key));
    backend.clear();
    for (const entry of entries) left(entry, 'deleted');
    holdsJust(subject, backend, []);
  },
} satisfies Record<string, LocalTest>;
