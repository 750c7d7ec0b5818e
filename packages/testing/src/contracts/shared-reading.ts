import assert from 'node:assert/strict';
import { bytes, holds, LONG, lacks, look, put, type SharedTest, sameBytes } from './shared-subject.js';

const EVERY_BYTE = Uint8Array.from({ length: 256 }, (_, byte) => byte);

/** What is written is what is read: order, count, bytes, ownership. */
export const readingTests = {
  'has a kind and says what becomes of a corrupt record': ({ backend }) => {
    assert.ok(typeof backend.kind === 'string' && backend.kind.length > 0, 'kind should be a name');
    assert.ok(['raise', 'heal'].includes(backend.corrupt), `corrupt is ${String(backend.corrupt)}`);
  },

  'reads in the order of the keys, with undefined where there is none': async (subject) => {
    const { backend, at } = subject;
    await put(subject, 'a', 'first');
    await put(subject, 'b', 'second');
    const records = await backend.read(['missing', 'b', 'a', 'gone', 'b'].map(at));
    assert.equal(records.length, 5);
    assert.equal(records[0], undefined);
    sameBytes(records[1]?.data, 'second');
    sameBytes(records[2]?.data, 'first');
    assert.equal(records[3], undefined);
    sameBytes(records[4]?.data, 'second', 'a key asked for twice');
  },

  'takes empty lists for what they are': async ({ backend }) => {
    assert.deepEqual([...(await backend.read([]))], []);
    assert.equal(await backend.write([]), true);
    assert.equal(await backend.delete([]), 0);
  },

  'keeps every byte value': async (subject) => {
    const { backend, at } = subject;
    await backend.write([{ key: at('all'), data: EVERY_BYTE, ttlMs: LONG }]);
    await holds(subject, 'all', EVERY_BYTE);
  },

  'keeps empty data apart from no data': async (subject) => {
    await put(subject, 'empty', '');
    await holds(subject, 'empty', '');
    await lacks(subject, 'other');
  },

  'keeps data of one mebibyte': async (subject) => {
    const { backend, at } = subject;
    const data = new Uint8Array(1 << 20).map((_, index) => (index * 31) % 251);
    await backend.write([{ key: at('large'), data, ttlMs: LONG }]);
    await holds(subject, 'large', data);
  },

  'stores the view it is given, not the buffer behind it': async (subject) => {
    const { backend, at } = subject;
    const view = EVERY_BYTE.subarray(10, 20);
    await backend.write([{ key: at('view'), data: view, ttlMs: LONG }]);
    await holds(subject, 'view', Uint8Array.from([10, 11, 12, 13, 14, 15, 16, 17, 18, 19]));
  },

  'stores many records in one call and reads them in one call': async (subject) => {
    const { backend, at } = subject;
    const keys = Array.from({ length: 1_000 }, (_, index) => at(`many:${index}`));
    const many = keys.map((key, index) => ({ key, data: bytes(`value ${index}`), ttlMs: LONG }));
    assert.equal(await backend.write(many), true);
    const records = await backend.read(keys);
    assert.equal(records.length, keys.length);
    for (const [index, record] of records.entries())
      sameBytes(record?.data, `value ${index}`, `record ${index}`);
  },

  overwrites: async (subject) => {
    await put(subject, 'k', 'a longer first value');
    await put(subject, 'k', 'second');
    await holds(subject, 'k', 'second');
  },

  'is not changed by a caller who reuses the data handed in': async (subject) => {
    const { backend, at } = subject;
    const written = bytes('written');
    const added = bytes('added');
    await backend.write([{ key: at('w'), data: written, ttlMs: LONG }]);
    await backend.add({ key: at('a'), data: added, ttlMs: LONG });
    written.fill(0);
    added.fill(0);
    await holds(subject, 'w', 'written');
    await holds(subject, 'a', 'added');
  },

  'is not changed by a caller who scribbles on the data handed out': async (subject) => {
    const { backend, at } = subject;
    await put(subject, 'k', 'as it was');
    (await look(subject, 'k'))?.data.fill(0);
    await holds(subject, 'k', 'as it was');
    (await backend.add({ key: at('k'), data: bytes('late'), ttlMs: LONG })).fill(0);
    await holds(subject, 'k', 'as it was');
    (await backend.add({ key: at('new'), data: bytes('first'), ttlMs: LONG })).fill(0);
    await holds(subject, 'new', 'first');
  },
} satisfies Record<string, SharedTest>;
