import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { jsonSerializer } from '../../src/serializers/json.js';
import { isPlain } from '../../src/serializers/plain-walk.js';
import { SerializerSet } from '../../src/serializers/serializer-set.js';
import { takeSnapshot } from '../../src/serializers/snapshot.js';
import { superjsonSerializer } from '../../src/serializers/superjson.js';
import { seed } from '../seed.js';
import { difference } from './difference.js';
import { plainValue, richValue } from './value-arbitrary.js';

const RUNS = 2_000;
/** To find the smallest counterexample can take for ever; whatever was found by then is reported. */
const LONGEST_MS = 60_000;
const options = { seed, numRuns: RUNS, interruptAfterTimeLimit: LONGEST_MS, markInterruptAsFailure: true };

test(
  `json gives back everything it accepts (seed ${seed})`,
  () => {
    let accepted = 0;
    fc.assert(
      fc.property(fc.oneof(plainValue, richValue), (value) => {
        if (jsonSerializer.accepts?.(value) !== true) return;
        accepted++;
        expect(difference(jsonSerializer.decode(jsonSerializer.encode(value)), value)).toBe('');
      }),
      options,
    );
    expect(accepted).toBeGreaterThan(RUNS / 4);
  },
  2 * LONGEST_MS,
);

test(
  `json accepts all plain data but for names that it would have to escape (seed ${seed})`,
  () => {
    fc.assert(
      fc.property(plainValue, (value) => {
        expect(isPlain(value)).toBe(true);
        const strings = [...JSON.stringify(value).matchAll(/"((?:[^"\\]|\\.)*)"(:?)/g)];
        const escaped = strings.some(([, text, colon]) => colon === ':' && text?.includes('\\'));
        expect(jsonSerializer.accepts?.(value)).toBe(!escaped);
      }),
      options,
    );
  },
  2 * LONGEST_MS,
);

test(
  `superjson gives back everything with a content (seed ${seed})`,
  () => {
    fc.assert(
      fc.property(fc.oneof(plainValue, richValue), (value) => {
        expect(difference(superjsonSerializer.decode(superjsonSerializer.encode(value)), value)).toBe('');
      }),
      options,
    );
  },
  2 * LONGEST_MS,
);

test(
  `the set gives back everything, and so does a snapshot (seed ${seed})`,
  () => {
    const set = new SerializerSet();
    fc.assert(
      fc.property(fc.oneof(plainValue, richValue), (value) => {
        const { codec, data } = set.encode(value);
        expect(difference(set.decode(codec, data), value)).toBe('');
        expect(difference(takeSnapshot(value, 'copy', set).take(), value)).toBe('');
      }),
      options,
    );
  },
  2 * LONGEST_MS,
);
