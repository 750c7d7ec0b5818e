import assert from 'node:assert/strict';
import type { SharedRecord } from 'recollect';
import {
  bytes,
  LONG,
  outlive,
  put,
  type SharedSubject,
  type SharedTest,
  sameBytes,
} from './shared-subject.js';

const ENDLESS = Number.POSITIVE_INFINITY;

/** Lives of different length, told apart by the minute: none, long, longer. */
const LIVES = { a: LONG, b: ENDLESS, c: 2 * LONG, d: 3 * LONG };
const KEYS = Object.keys(LIVES) as (keyof typeof LIVES)[];

type Records = readonly (SharedRecord | undefined)[];

async function readAll(subject: SharedSubject, lives?: number): Promise<Records> {
  const { backend, at } = subject;
  await backend.write(KEYS.map((key) => ({ key: at(key), data: bytes(`<${key}>`), ttlMs: LIVES[key] })));
  const records = await backend.read(KEYS.map(at), lives);
  assert.equal(records.length, KEYS.length);
  for (const [index, key] of KEYS.entries())
    sameBytes(records[index]?.data, `<${key}>`, `'${key}' of ${lives} lives`);
  return records;
}

/** Asserts that the first so many lives are told, and that of the others nothing untrue is. */
function tells(records: Records, count: number): void {
  for (const [index, key] of KEYS.entries()) {
    const { ttlMs = Number.NaN } = records[index] ?? {};
    const isTrue = ttlMs === LIVES[key] || (ttlMs <= LIVES[key] && ttlMs > LIVES[key] - 60_000);
    const isUntold = index >= count && ttlMs === ENDLESS;
    assert.ok(
      isTrue || isUntold,
      `'${key}' was written for ${LIVES[key]} ms and is told to have ${ttlMs} left`,
    );
  }
}

/** The lives that a read is asked for, and the data it answers whether it is or not. */
export const livesTests = {
  'tells all lives when it is not asked for a number': async (subject) => {
    tells(await readAll(subject), KEYS.length);
    tells(await readAll(subject, ENDLESS), KEYS.length);
    tells(await readAll(subject, 100), KEYS.length);
  },

  'tells as many lives as it is asked for, from the first on': async (subject) => {
    for (const count of KEYS.keys()) tells(await readAll(subject, count), count);
  },

  'keeps the order and the gaps when it tells no lives': async (subject) => {
    const { backend, at } = subject;
    await put(subject, 'a', 'first');
    await put(subject, 'b', 'second');
    for (const lives of [0, 1, 3]) {
      const records = await backend.read(['missing', 'b', 'a', 'gone', 'b'].map(at), lives);
      const data = records.map((record) => record && Buffer.from(record.data).toString());
      assert.deepEqual(data, [undefined, 'second', 'first', undefined, 'second'], `${lives} lives`);
    }
    assert.deepEqual([...(await backend.read([], 0))], []);
    assert.deepEqual([...(await backend.read([], 3))], []);
  },

  'serves nothing that has expired, though its life is not asked for': async (subject) => {
    const { backend, at } = subject;
    await put(subject, 'dead', 'x', 20);
    await put(subject, 'alive', 'y');
    await outlive(subject, 'dead', 20);
    for (const lives of [0, 1, 2]) {
      const [dead, alive] = await backend.read(['dead', 'alive'].map(at), lives);
      assert.equal(dead, undefined, `${lives} lives`);
      sameBytes(alive?.data, 'y');
    }
  },
} satisfies Record<string, SharedTest>;
