import assert from 'node:assert/strict';
import type { Serializer } from 'recollect';
import type { ContractTest } from './contract-suite.js';

/** What has no form in bytes: to store an empty object in its place would be to change it. */
const UNCARRIABLE: Readonly<Record<string, () => unknown>> = {
  'a function': () => () => 1,
  'a symbol': () => Symbol('unique'),
  'a promise': () => Promise.resolve(1),
  'a weak map': () => new WeakMap(),
};

const plain = () => ({ id: 7, name: 'Ann', tags: ['a', 'b'], address: { city: 'Ulm' } });

/** Asserts that decoding throws. To answer garbage with a value is to hand a caller what nobody ever stored. */
function refusesToDecode(serializer: Serializer, data: Uint8Array, what: string): void {
  assert.throws(
    () => {
      const value = serializer.decode(data);
      assert.fail(`${what} was decoded to ${JSON.stringify(value)}`);
    },
    (error: unknown) => !(error instanceof assert.AssertionError),
  );
}

/** How a serializer treats what it is given, whatever its format. */
export const serializerHygiene = {
  'has an id': ({ id }) => {
    assert.ok(typeof id === 'string' && id.length > 0, 'id should be a name');
  },

  'leaves the value as it is': (serializer) => {
    const value = Object.freeze({ list: Object.freeze([1, 2]), nested: Object.freeze({ a: 1 }) });
    serializer.encode(value);
    assert.deepStrictEqual(value, { list: [1, 2], nested: { a: 1 } });
  },

  'keeps no reference to the value': (serializer) => {
    const value = plain();
    const data = serializer.encode(value);
    value.tags.push('late');
    value.address.city = 'elsewhere';
    assert.deepStrictEqual(serializer.decode(data), plain());
  },

  'keeps no reference to the data': (serializer) => {
    const first = serializer.encode(plain());
    const kept = first.slice();
    serializer.encode({ another: 'value that might reuse the buffer' });
    assert.deepStrictEqual(first, kept, 'an encoding changed with the next one');
    const decoded = serializer.decode(first);
    first.fill(0);
    assert.deepStrictEqual(decoded, plain());
  },

  'makes each decoded value anew': (serializer) => {
    const data = serializer.encode(plain());
    const first = serializer.decode(data) as ReturnType<typeof plain>;
    first.tags.push('mine');
    first.address.city = 'elsewhere';
    assert.deepStrictEqual(serializer.decode(data), plain());
  },

  'decodes a view into a larger buffer': (serializer) => {
    const data = serializer.encode(plain());
    const larger = Buffer.alloc(data.length + 20, 0x7b);
    larger.set(data, 10);
    assert.deepStrictEqual(serializer.decode(larger.subarray(10, 10 + data.length)), plain());
  },

  'refuses what no bytes can carry, at the top and within': (serializer) => {
    for (const [what, make] of Object.entries(UNCARRIABLE)) {
      for (const value of [make(), { within: make() }]) {
        if (serializer.accepts?.(value) === false) continue;
        assert.throws(() => serializer.encode(value), `${what} was encoded`);
      }
    }
  },

  'throws at garbage': (serializer) => {
    refusesToDecode(serializer, new Uint8Array(0), 'nothing');
    refusesToDecode(serializer, Uint8Array.from([0xff, 0xfe, 0x00, 0x80, 0xc3]), 'noise');
    refusesToDecode(serializer, new TextEncoder().encode('<html>502</html>'), 'a page of a proxy');
  },

  'throws at data that is cut short': (serializer) => {
    const data = serializer.encode(plain());
    for (let length = 1; length < data.length; length += 1) {
      refusesToDecode(serializer, data.subarray(0, length), `${length} of ${data.length} bytes`);
    }
  },
} satisfies Record<string, ContractTest<Serializer>>;
