import { describe, expect, test } from '@jest/globals';
import { crc32 } from '../../src/model/crc32.js';
import { type Envelope, readEnvelope, writeEnvelope } from '../../src/model/envelope.js';
import { ConfigurationError } from '../../src/model/errors.js';
import type { ProtectOption } from '../../src/serializers/protection.js';
import { SerializerSet } from '../../src/serializers/serializer-set.js';
import { Wire } from '../../src/serializers/wire.js';
import { randomFrom, seed } from '../seed.js';

const OLD = 'the old secret, of forty characters or so';
const NEW = Buffer.alloc(32, 7).toString('base64');
const serializers = new SerializerSet();
const keyDigest = Uint8Array.from({ length: 16 }, (_, i) => i);
const otherDigest = keyDigest.slice().reverse();
const meta = { keyDigest, siteVersion: '1', ttlMs: 1000, versions: ['v1'] };
const value = { secret: 'content of the record', n: [1, 2, 3] };

type Mode = ProtectOption['mode'];
const wireWith = (mode: Mode, keys: ProtectOption['keys'], current: string): Wire =>
  new Wire({ serializers, protect: { mode, keys, current } });
const bare = new Wire({ serializers });
const seal = (wire: Wire, digest = keyDigest): Promise<Uint8Array> =>
  wire.seal(wire.encode(value), { ...meta, keyDigest: digest });
const kindOf = async (wire: Wire, record: Uint8Array, digest = keyDigest): Promise<string> =>
  (await wire.open(record, { keyDigest: digest, siteVersion: '1' })).kind;
const parts = (record: Uint8Array): Envelope => readEnvelope(record) as Envelope;
/** The record with some parts exchanged, under a CRC that fits: what somebody who can write would do. */
const forge = (record: Uint8Array, change: Partial<Envelope>): Uint8Array =>
  writeEnvelope({ ...parts(record), ...change });

describe.each<[Mode]>([['sign'], ['encrypt']])('%s', (mode) => {
  const wire = wireWith(mode, { k1: OLD }, 'k1');

  test('the right key opens', async () => {
    expect(await wire.open(await seal(wire), meta)).toMatchObject({ kind: 'value', value });
  });

  test('a wrong key of the same name does not', async () => {
    expect(await kindOf(wireWith(mode, { k1: NEW }, 'k1'), await seal(wire))).toBe('corrupt');
  });

  test('rotation: every listed key opens, the current one writes', async () => {
    const both = wireWith(mode, { k1: OLD, k2: NEW }, 'k2');
    const after = wireWith(mode, { k2: NEW }, 'k2');
    expect(await kindOf(both, await seal(wire))).toBe('value');
    expect(await kindOf(after, await seal(both))).toBe('value');
    // Who has not heard of the key leaves the record to those who have.
    expect(await kindOf(wire, await seal(both))).toBe('foreign');
    expect(await kindOf(after, await seal(wire))).toBe('foreign');
  });

  test('no part of the header can be exchanged', async () => {
    const record = await seal(wire);
    for (const change of [
      { ttlMs: 1001 },
      { versions: ['v2'] },
      { versions: [] },
      { codec: 'superjson' },
      { rawLength: 1 },
      { flags: parts(record).flags | 1 },
    ]) {
      expect([change, await kindOf(wire, forge(record, change))]).toEqual([change, 'corrupt']);
    }
    expect(await kindOf(wire, forge(record, { siteVersion: '2' }))).toBe('foreign');
  });

  test('a record is no record of another key, under its own digest or under the other', async () => {
    const record = await seal(wire);
    expect(await kindOf(wire, record, otherDigest)).toBe('corrupt');
    expect(await kindOf(wire, forge(record, { keyDigest: otherDigest }), otherDigest)).toBe('corrupt');
    const other = await seal(wire, otherDigest);
    expect(await kindOf(wire, forge(record, { payload: parts(other).payload }))).toBe('corrupt');
  });

  test('an unprotected record, and one that was stripped of its protection, is refused', async () => {
    const plain = await seal(bare);
    expect(await kindOf(wire, plain)).toBe('corrupt');
    const record = await seal(wire);
    const { payload } = parts(record);
    for (const flags of [0, 1]) {
      expect(await kindOf(wire, forge(record, { flags }))).toBe('corrupt');
      expect(await kindOf(wire, forge(record, { flags, payload: payload.subarray(3) }))).toBe('corrupt');
      expect(await kindOf(wire, forge(plain, { flags: flags | parts(record).flags }))).toMatch(
        /corrupt|foreign/,
      );
    }
  });

  test('protection of the other kind is refused, under the same secret too', async () => {
    const other = wireWith(mode === 'sign' ? 'encrypt' : 'sign', { k1: OLD }, 'k1');
    expect(await kindOf(wire, await seal(other))).toBe('corrupt');
    expect(await kindOf(wire, forge(await seal(other), { flags: parts(await seal(wire)).flags }))).toBe(
      'corrupt',
    );
  });

  test('without the option a protected record is left alone', async () => {
    expect(await kindOf(bare, await seal(wire))).toBe('foreign');
  });

  test('a payload that was cut anywhere is refused', async () => {
    const record = await seal(wire);
    const { payload } = parts(record);
    for (let length = 0; length < payload.length; length++) {
      expect(await kindOf(wire, forge(record, { payload: payload.subarray(0, length) }))).toMatch(
        /corrupt|foreign/,
      );
    }
  });

  test(`2 000 changes by somebody who knows the format: the value or a rejection (seed ${seed})`, async () => {
    const random = randomFrom(seed);
    const record = await seal(wire);
    const kinds = new Map<string, number>();
    for (let run = 0; run < 2_000; run++) {
      const changed = record.slice();
      const changes = 1 + Math.floor(random() * 4);
      for (let i = 0; i < changes; i++) {
        const at = 5 + Math.floor(random() * (record.length - 9));
        changed[at] = random() * 256;
      }
      new DataView(changed.buffer).setUint32(changed.length - 4, crc32(changed, changed.length - 4));
      const opened = await wire.open(changed, meta);
      kinds.set(opened.kind, (kinds.get(opened.kind) ?? 0) + 1);
      if (opened.kind === 'value') expect(changed).toEqual(record);
    }
    expect(kinds.get('corrupt')).toBeGreaterThan(1000);
  });
});

test('encryption hides the value and never looks the same twice; a signature does neither', async () => {
  const text = (record: Uint8Array): string => Buffer.from(record).toString('latin1');
  const encrypt = wireWith('encrypt', { k1: OLD }, 'k1');
  const records = new Set<string>();
  for (let i = 0; i < 50; i++) records.add(text(await seal(encrypt)));
  expect(records.size).toBe(50);
  for (const record of records) expect(record).not.toContain('content');
  const sign = wireWith('sign', { k1: OLD }, 'k1');
  expect(text(await seal(sign))).toContain('content of the record');
  expect(await seal(sign)).toEqual(await seal(sign));
});

test('what is encrypted is compressed before', async () => {
  const wire = new Wire({
    serializers,
    compress: true,
    protect: { mode: 'encrypt', keys: { k1: OLD }, current: 'k1' },
  });
  const long = 'again and '.repeat(1000);
  const record = await wire.seal(wire.encode(long), meta);
  expect(record.length).toBeLessThan(300);
  expect(await wire.open(record, meta)).toMatchObject({ value: long });
});

test.each<[string, unknown]>([
  ["protect.mode is undefined; it accepts 'sign' or 'encrypt'", {}],
  ["protect.mode is undefined; it accepts 'sign' or 'encrypt'", null],
  ["protect.mode is md5; it accepts 'sign' or 'encrypt'", { mode: 'md5', keys: { a: OLD }, current: 'a' }],
  ['protect.keys is undefined; it accepts { id: secret }', { mode: 'sign', current: 'a' }],
  [
    'protect.keys.a is too short; it accepts text of at least 32 characters',
    { mode: 'sign', keys: { a: 'x'.repeat(31) }, current: 'a' },
  ],
  ['protect.keys.b is too short', { mode: 'sign', keys: { a: OLD, b: undefined }, current: 'a' }],
  [
    "protect.keys is with the id ''; it accepts ids of 1 to 255 bytes",
    { mode: 'sign', keys: { '': OLD }, current: '' },
  ],
  ["protect.current is 'b'; it accepts one of a", { mode: 'sign', keys: { a: OLD }, current: 'b' }],
  [
    "protect.current is 'toString'; it accepts one of a",
    { mode: 'sign', keys: { a: OLD }, current: 'toString' },
  ],
  ["protect.current is 'undefined'; it accepts one of the ids in keys", { mode: 'sign', keys: {} }],
])('is refused: %s', (message, protect) => {
  const make = (): Wire => new Wire({ serializers, protect: protect as ProtectOption });
  expect(make).toThrow(ConfigurationError);
  expect(make).toThrow(message);
});

test('no message shows a secret', () => {
  const secret = 'hunter2';
  let message = '';
  try {
    new Wire({ serializers, protect: { mode: 'sign', keys: { a: secret }, current: 'a' } });
  } catch (error) {
    message = String(error);
  }
  expect(message).toContain('protect.keys.a');
  expect(message).not.toContain(secret);
});
