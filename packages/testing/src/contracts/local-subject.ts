import assert from 'node:assert/strict';
import type { LocalBackend, Removal } from 'recollect';
import type { FakeClock } from '../fake-clock.js';
import { TestEntry } from '../test-entry.js';
import type { ContractTest } from './contract-suite.js';

/** How much a backend under test may hold. */
export interface LocalBounds {
  readonly threshold?: number;
  readonly maxBytes?: number;
}

/** What the tests of a local backend work with. */
export interface LocalSubject {
  readonly clock: FakeClock;
  /** A new backend on the clock. */
  make(bounds?: LocalBounds): LocalBackend;
  /** What the backend charges for an entry. */
  charge(entry: TestEntry): number;
}

export type LocalTest = ContractTest<LocalSubject>;

/** Puts entries in by their keys, in this order, each with an hour to live. */
export function fill({ clock }: LocalSubject, backend: LocalBackend, ...keys: string[]): TestEntry[] {
  const entries = keys.map((key) => new TestEntry(key, clock.now() + 3_600_000));
  for (const entry of entries) backend.set(entry);
  return entries;
}

/** Asserts that the backend holds just these entries, says so everywhere, and has retired none of them. */
export function holdsJust(
  { charge }: LocalSubject,
  backend: LocalBackend,
  entries: readonly TestEntry[],
): void {
  const keys = (list: Iterable<string>) => [...list].sort();
  assert.deepEqual(keys(backend.keys()), keys(entries.map(({ key }) => key)), 'keys()');
  assert.equal(backend.size, entries.length, 'size');
  assert.equal(
    backend.bytes,
    entries.reduce((sum, entry) => sum + charge(entry), 0),
    'bytes',
  );
  for (const { key, retired } of entries)
    assert.deepEqual(retired, [], `'${key}' is held and has been retired`);
}

/** Asserts that an entry left exactly once, for one of these reasons. */
export function left(entry: TestEntry, ...causes: readonly Removal[]): void {
  const [cause] = entry.retired;
  assert.equal(
    entry.retired.length,
    1,
    `'${entry.key}' was retired ${entry.retired.length} times: ${entry.retired}`,
  );
  assert.ok(
    cause !== undefined && causes.includes(cause),
    `'${entry.key}' was ${cause}, not ${causes.join(' or ')}`,
  );
}
