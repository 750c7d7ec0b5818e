import { expect, test } from '@jest/globals';
import { crc32 } from '../../src/model/crc32.js';
import { SerializerSet } from '../../src/serializers/serializer-set.js';
import { Wire } from '../../src/serializers/wire.js';
import { randomFrom, seed } from '../seed.js';
import { difference } from '../serializers/difference.js';

const RUNS = 100_000;
const random = randomFrom(seed);
const below = (limit: number): number => Math.floor(random() * limit);

interface Sample {
  readonly value: unknown;
  readonly data: Uint8Array;
  readonly expected: { readonly keyDigest: Uint8Array; readonly siteVersion: string };
}

const wire = new Wire({ serializers: new SerializerSet(), compress: { thresholdBytes: 200 } });
const VALUES: readonly unknown[] = [
  undefined,
  0,
  'text',
  { id: 7, name: 'Ann', tags: ['a', 'b'] },
  { when: new Date(0), seen: new Map([['a', new Set([1n])]]) },
  { text: 'again and '.repeat(60) },
  Buffer.from('some bytes of a file'),
  ((one: unknown[]) => [one, one])([1]),
];

async function samples(): Promise<Sample[]> {
  return Promise.all(
    VALUES.map(async (value, i) => {
      const keyDigest = Uint8Array.from({ length: 16 }, () => below(256));
      const expected = { keyDigest, siteVersion: i % 2 === 0 ? '1' : 'release-7' };
      const meta = {
        ...expected,
        ttlMs: i % 3 === 0 ? Number.POSITIVE_INFINITY : 1000 * i,
        versions: i % 2 === 0 ? [] : ['one', 'two'],
      };
      return { value, expected, data: await wire.seal(wire.encode(value), meta) };
    }),
  );
}

type Damage = (data: Uint8Array, other: Uint8Array) => Uint8Array;

const DAMAGES: Readonly<Record<string, Damage>> = {
  'bits flipped': (data) => {
    const copy = data.slice();
    for (let n = 1 + below(8); n > 0; n--) {
      const at = below(copy.length);
      copy[at] = (copy[at] as number) ^ (1 << below(8));
    }
    return copy;
  },
  'bytes overwritten': (data) => {
    const copy = data.slice();
    const [at, length] = [below(copy.length), 1 + below(16)];
    for (let i = at; i < Math.min(copy.length, at + length); i++) copy[i] = below(256);
    return copy;
  },
  zeroed: (data) => data.slice().fill(0, below(data.length), 1 + below(data.length)),
  'cut short': (data) => data.slice(0, below(data.length)),
  'cut from the front': (data) => data.slice(1 + below(data.length)),
  prolonged: (data) => Uint8Array.of(...data, ...Array.from({ length: 1 + below(20) }, () => below(256))),
  'a part taken out': (data) => {
    const at = below(data.length);
    return Uint8Array.of(...data.subarray(0, at), ...data.subarray(at + 1 + below(20)));
  },
  'a part doubled': (data) => {
    const at = below(data.length);
    return Uint8Array.of(...data.subarray(0, at + below(20)), ...data.subarray(at));
  },
  'spliced with another record': (data, other) =>
    Uint8Array.of(...data.subarray(0, below(data.length)), ...other.subarray(below(other.length))),
  'header of another record': (data, other) => Uint8Array.of(...other.subarray(0, 34), ...data.subarray(34)),
  'behind the header of another record': (data, other) =>
    Uint8Array.of(...data.subarray(0, 34), ...other.subarray(34)),
  'another record': (_data, other) => other,
};

test(`${RUNS} damaged records: the right value or a rejection, nothing else (seed ${seed})`, async () => {
  const records = await samples();
  const names = Object.keys(DAMAGES);
  const kinds = new Map<string, number>();
  for (let run = 0; run < RUNS; run++) {
    const name = names[run % names.length] as string;
    const one = records[below(records.length)] as Sample;
    const other = records[below(records.length)] as Sample;
    const opened = await wire.open((DAMAGES[name] as Damage)(one.data, other.data), one.expected);
    kinds.set(opened.kind, (kinds.get(opened.kind) ?? 0) + 1);
    if (opened.kind === 'value' && difference(opened.value, one.value) !== '')
      throw new Error(`${name}: another value (run ${run})`);
  }
  expect([...kinds.keys()].filter((kind) => !['value', 'foreign', 'corrupt'].includes(kind))).toEqual([]);
  expect(kinds.get('corrupt')).toBeGreaterThan(RUNS * 0.8);
}, 120_000);

test(`damage under a CRC that was made to fit: never a throw, never more than the value it was (seed ${seed})`, async () => {
  const records = await samples();
  const names = Object.keys(DAMAGES);
  for (let run = 0; run < 20_000; run++) {
    const one = records[below(records.length)] as Sample;
    const other = records[below(records.length)] as Sample;
    const data = (DAMAGES[names[run % names.length] as string] as Damage)(one.data, other.data).slice();
    if (data.length >= 4) new DataView(data.buffer).setUint32(data.length - 4, crc32(data, data.length - 4));
    // Without protection the value may be any; what must not happen is that opening it throws or hangs.
    expect(['value', 'foreign', 'corrupt']).toContain((await wire.open(data, one.expected)).kind);
  }
  expect(Reflect.ownKeys(Object.prototype)).not.toContain('polluted');
}, 120_000);
