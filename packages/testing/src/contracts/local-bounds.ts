import assert from 'node:assert/strict';
import type { LocalBackend } from 'recollect';
import { TestEntry } from '../test-entry.js';
import { fill, holdsJust, type LocalSubject, type LocalTest, left } from './local-subject.js';

/** A bound in bytes that this many entries of one byte with keys of one character just fill. */
const room = ({ charge }: LocalSubject, entries: number) => entries * charge(new TestEntry('x'));

/** What leaves when there is no room, and in which order. */
export const boundsTests = {
  'never holds more than its threshold': (subject) => {
    const backend = subject.make({ threshold: 3 });
    const entries = fill(subject, backend, 'a', 'b', 'c', 'd', 'e');
    for (const entry of entries.slice(0, 2)) left(entry, 'evicted');
    holdsJust(subject, backend, entries.slice(2));
  },

  'holds one entry at a threshold of one': (subject) => {
    const backend = subject.make({ threshold: 1 });
    const [first, second] = fill(subject, backend, 'a', 'b') as [TestEntry, TestEntry];
    left(first, 'evicted');
    holdsJust(subject, backend, [second]);
  },

  'evicts what was used least recently': (subject) => {
    const backend = subject.make({ threshold: 3 });
    const [a, b, c] = fill(subject, backend, 'a', 'b', 'c') as [TestEntry, TestEntry, TestEntry];
    backend.get('a');
    const [d] = fill(subject, backend, 'd') as [TestEntry];
    left(b, 'evicted');
    backend.get('c');
    backend.get('a');
    const [e] = fill(subject, backend, 'e') as [TestEntry];
    left(d, 'evicted');
    holdsJust(subject, backend, [a, c, e]);
  },

  'counts a replacement as a use': (subject) => {
    const backend = subject.make({ threshold: 2 });
    const [, b] = fill(subject, backend, 'a', 'b') as [TestEntry, TestEntry];
    const [again, c] = fill(subject, backend, 'a', 'c') as [TestEntry, TestEntry];
    left(b, 'evicted');
    holdsJust(subject, backend, [again, c]);
  },

  'replaces without evicting another': (subject) => {
    const backend = subject.make({ threshold: 2 });
    const [a] = fill(subject, backend, 'a', 'b') as [TestEntry, TestEntry];
    const [again] = fill(subject, backend, 'b') as [TestEntry];
    holdsJust(subject, backend, [a, again]);
  },

  'counts a touch as a use, even apart from the backend': (subject) => {
    const backend = subject.make({ threshold: 3 });
    const { touch } = backend;
    // Without touch every read goes through get: nothing to compare.
    if (touch === undefined) return;
    const [a, b, c] = fill(subject, backend, 'a', 'b', 'c') as [TestEntry, TestEntry, TestEntry];
    for (const entry of [a, c, a, a]) touch(entry);
    const [d] = fill(subject, backend, 'd') as [TestEntry];
    left(b, 'evicted');
    const [e] = fill(subject, backend, 'e') as [TestEntry];
    left(c, 'evicted');
    holdsJust(subject, backend, [a, d, e]);
  },

  'is not confused by a touch of an entry that has left': (subject) => {
    const backend = subject.make({ threshold: 2 });
    const [gone, b, c] = fill(subject, backend, 'gone', 'b', 'c') as [TestEntry, TestEntry, TestEntry];
    backend.touch?.(gone);
    holdsJust(subject, backend, [b, c]);
    const [d] = fill(subject, backend, 'd') as [TestEntry];
    left(gone, 'evicted');
    left(b, 'evicted');
    holdsJust(subject, backend, [c, d]);
  },

  'evicts immortal entries last, the least recently used first': (subject) => {
    const backend = subject.make({ threshold: 3 });
    const immortals = ['i', 'j'].map((key) => new TestEntry(key));
    const [i, j] = immortals as [TestEntry, TestEntry];
    for (const entry of immortals) backend.set(entry);
    const [a, b] = fill(subject, backend, 'a', 'b') as [TestEntry, TestEntry];
    left(a, 'evicted');
    const k = new TestEntry('k');
    backend.set(k);
    left(b, 'evicted');
    backend.get('i');
    const l = new TestEntry('l');
    backend.set(l);
    left(j, 'evicted');
    holdsJust(subject, backend, [i, k, l]);
  },

  'gives up a mortal entry rather than an immortal one, though it has just come': (subject) => {
    const backend = subject.make({ threshold: 1 });
    const immortal = new TestEntry('i');
    backend.set(immortal);
    const [a] = fill(subject, backend, 'a') as [TestEntry];
    left(a, 'evicted');
    holdsJust(subject, backend, [immortal]);
  },

  'never charges more than its bound in bytes': (subject) => {
    const backend = subject.make({ maxBytes: room(subject, 4) });
    const [a, b, c, d] = fill(subject, backend, 'a', 'b', 'c', 'd') as [
      TestEntry,
      TestEntry,
      TestEntry,
      TestEntry,
    ];
    holdsJust(subject, backend, [a, b, c, d]);
    backend.get('a');
    // Charged as much as two of the others.
    const wide = new TestEntry('w', subject.clock.now() + 1_000, 1 + room(subject, 1));
    backend.set(wide);
    left(b, 'evicted');
    left(c, 'evicted');
    assert.ok(backend.bytes <= room(subject, 4), `${backend.bytes} of ${room(subject, 4)} bytes`);
    assert.deepEqual([a.retired, wide.retired], [[], []]);
  },

  'retires an entry larger than its bound, with what it was to replace, and nothing else': (subject) => {
    const backend = subject.make({ maxBytes: room(subject, 4) });
    const [a, b] = fill(subject, backend, 'a', 'b') as [TestEntry, TestEntry];
    const large = new TestEntry('a', Number.POSITIVE_INFINITY, room(subject, 4) + 1);
    backend.set(large);
    left(large, 'evicted');
    left(a, 'replaced', 'evicted');
    assert.equal(backend.get('a'), undefined, 'the old value must not outlive its replacement');
    holdsJust(subject, backend, [b]);
  },

  'keeps its books through thousands of operations': (subject) => {
    const threshold = 20;
    const backend = subject.make({ threshold });
    const entries = operateAtRandom(subject, backend, 4_000);
    assert.ok(backend.size <= threshold);
    const held = entries.filter(({ retired }) => retired.length === 0);
    holdsJust(subject, backend, held);
    backend.clear();
    for (const entry of entries) left(entry, 'evicted', 'expired', 'replaced', 'deleted');
    holdsJust(subject, backend, []);
  },
} satisfies Record<string, LocalTest>;

/** The same operations in every run: what fails once fails again. */
function operateAtRandom({ clock }: LocalSubject, backend: LocalBackend, count: number): TestEntry[] {
  const entries: TestEntry[] = [];
  let state = 0x2545f491;
  const below = (limit: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  for (let step = 0; step < count; step += 1) {
    const key = `k${below(40)}`;
    const verb = below(10);
    if (verb < 5) {
      const life = below(8) === 0 ? Number.POSITIVE_INFINITY : clock.now() + 1 + below(50);
      const entry = new TestEntry(key, life, below(100));
      entries.push(entry);
      backend.set(entry);
    } else if (verb < 8) {
      const found = backend.get(key);
      if (found !== undefined) {
        assert.ok(
          entries.some((entry) => entry === found && entry.retired.length === 0),
          `step ${step}: ${key} had left`,
        );
        assert.ok(found.freshUntil > clock.now(), `step ${step}: ${key} had expired`);
        backend.touch?.(found);
      }
    } else if (verb === 8) backend.delete(key);
    else clock.advance(below(10));
  }
  return entries;
}
