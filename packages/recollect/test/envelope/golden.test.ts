import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { SerializerSet } from '../../src/serializers/serializer-set.js';
import { Wire } from '../../src/serializers/wire.js';
import { difference } from '../serializers/difference.js';
import { GOLDEN, type Golden } from './golden-values.js';

const folder = new URL('./golden/', import.meta.url);
const keyDigest = Uint8Array.from({ length: 16 }, (_, i) => i * 16 + i);
const expected = { keyDigest, siteVersion: 'golden' };

function wireOf({ options = {} }: Golden): Wire {
  return new Wire({ serializers: new SerializerSet(), ...options });
}
const fileOf = (name: string): URL => new URL(`${name}.bin`, folder);

/** Only what is missing is written, and only when told so: a release must read what those before it wrote. */
if (process.env.RECOLLECT_WRITE_GOLDEN === '1') {
  for (const golden of GOLDEN.filter(({ name }) => !existsSync(fileOf(name)))) {
    const wire = wireOf(golden);
    const encoded = wire.encode(golden.value(), golden.serializer);
    writeFileSync(
      fileOf(golden.name),
      await wire.seal(encoded, { ...expected, ttlMs: 90_000, versions: ['first', 'second'] }),
    );
  }
}

test('every golden record has a value, and every value a record', () => {
  expect(readdirSync(folder).sort()).toEqual(GOLDEN.map(({ name }) => `${name}.bin`).sort());
});

describe.each(GOLDEN.map((golden) => [golden.name, golden] as const))('%s', (name, golden) => {
  test('is still read', async () => {
    const opened = await wireOf(golden).open(readFileSync(fileOf(name)), expected);
    expect(opened).toMatchObject({ kind: 'value', ttlMs: 90_000, versions: ['first', 'second'] });
    expect(difference(opened.kind === 'value' && opened.value, golden.value())).toBe('');
  });

  // A change of format that nobody meant shows here. A record whose bytes may change gets another file instead.
  if (golden.options === undefined) {
    test('is written as it was', async () => {
      const wire = wireOf(golden);
      const meta = { ...expected, ttlMs: 90_000, versions: ['first', 'second'] };
      const data = await wire.seal(wire.encode(golden.value(), golden.serializer), meta);
      expect(Buffer.from(data).equals(readFileSync(fileOf(name)))).toBe(true);
    });
  }
});
