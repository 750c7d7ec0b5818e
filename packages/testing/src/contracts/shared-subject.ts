import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { CacheError, type SharedBackend, type SharedRecord } from 'recollect';
import type { ContractTest } from './contract-suite.js';

/** A shared backend under test, and what its surroundings allow. */
export interface SharedSubject {
  readonly backend: SharedBackend;
  /** Another backend over the same store, as a second process would have; the same one where there is no second. */
  readonly peer: SharedBackend;
  /** It promises never to reject: a closed one says that nothing is stored and nothing done. */
  readonly neverRejects: boolean;
  /** The key as this test may use it. */
  at(key: string): string;
  /** Lets time pass for the store. */
  pass(ms: number): Promise<void>;
  /** How long the store may take, in real milliseconds, to do what it has to do by itself. */
  readonly patienceMs: number;
}

export type SharedTest = ContractTest<SharedSubject>;

/** A life no test outlives, in milliseconds. */
export const LONG = 3_600_000;

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Stores text under one key. */
export async function put(subject: SharedSubject, key: string, text: string, ttlMs = LONG): Promise<void> {
  const stored = await subject.backend.write([{ key: subject.at(key), data: bytes(text), ttlMs }]);
  assert.equal(stored, true, `write of '${key}' should say that it is stored`);
}

/** The record under one key. */
export async function look(subject: SharedSubject, key: string): Promise<SharedRecord | undefined> {
  const records = await subject.backend.read([subject.at(key)]);
  assert.equal(records.length, 1, 'read of one key must answer with one record or undefined');
  return records[0];
}

/** Asserts that the key holds just these bytes. */
export async function holds(
  subject: SharedSubject,
  key: string,
  expected: Uint8Array | string,
): Promise<void> {
  sameBytes((await look(subject, key))?.data, expected, key);
}

/** Asserts that there is nothing under the key. */
export async function lacks(subject: SharedSubject, key: string): Promise<void> {
  assert.equal(await look(subject, key), undefined, `'${key}' should not be there`);
}

/** Byte for byte; which class of bytes a backend hands out is its own affair as long as it is a Uint8Array. */
export function sameBytes(
  actual: Uint8Array | undefined,
  expected: Uint8Array | string,
  what = 'data',
): void {
  const wanted = typeof expected === 'string' ? bytes(expected) : expected;
  assert.ok(actual instanceof Uint8Array, `${what} should be a Uint8Array, not ${String(actual)}`);
  assert.equal(
    actual.length,
    wanted.length,
    `${what} has ${actual.length} bytes instead of ${wanted.length}`,
  );
  const at = wanted.findIndex((byte, index) => actual[index] !== byte);
  const excerpt = (data: Uint8Array) => Buffer.from(data.subarray(at, at + 16)).toString('hex');
  assert.equal(at, -1, `${what} is ${excerpt(actual)}… instead of ${excerpt(wanted)}… from byte ${at}`);
}

/**
 * Lets a life of `ms` run out and waits until the store has noticed. A record it still shows meanwhile must have some
 * life left: to serve one that has none is the fault this looks for.
 */
export async function outlive(subject: SharedSubject, key: string, ms: number): Promise<void> {
  await subject.pass(ms);
  const giveUp = Date.now() + subject.patienceMs;
  for (let record = await look(subject, key); record !== undefined; record = await look(subject, key)) {
    assert.ok(record.ttlMs > 0, `'${key}' is served with ${record.ttlMs} ms to live`);
    assert.ok(
      Date.now() < giveUp,
      `'${key}' was written for ${ms} ms and is still there ${subject.patienceMs} ms later`,
    );
    await sleep(5);
  }
  // Within its last millisecond a record may be hidden from readers and still stand in the way of an add.
  await subject.pass(2);
}

/** All that an iteration yields. */
export async function collect(keys: AsyncIterable<string>): Promise<string[]> {
  const found: string[] = [];
  for await (const key of keys) found.push(key);
  return found;
}

/** Asserts that a scan yields just these keys, each once. */
export async function scans(
  subject: SharedSubject,
  prefix: string,
  expected: readonly string[],
): Promise<void> {
  const found = await collect(subject.backend.scan(subject.at(prefix)));
  assert.deepEqual(found.sort(), expected.map((key) => subject.at(key)).sort(), `scan of '${prefix}'`);
}

/** The promise, or a failure that says what hangs. */
export async function settles<T>(
  { patienceMs }: Pick<SharedSubject, 'patienceMs'>,
  promise: Promise<T>,
  what: string,
): Promise<T> {
  const timer = new AbortController();
  const late = sleep(patienceMs, undefined, { signal: timer.signal }).then(() => {
    throw new assert.AssertionError({ message: `${what} has not settled after ${patienceMs} ms` });
  });
  late.catch(() => {});
  return Promise.race([promise, late]).finally(() => timer.abort());
}

export function isBackendError(error: unknown): boolean {
  return CacheError.is(error) && error.code === 'ERR_BACKEND';
}
