import fc from 'fast-check';

/** Names that code which walks paths or copies properties gets wrong, without the one nobody carries. */
const NAMES = [
  'a',
  'b',
  '',
  '0',
  '1',
  '10',
  'a.b',
  'a\\.b',
  '\\',
  '.',
  'constructor',
  'prototype',
  'toString',
  'toJSON',
  'json',
  'meta',
  'length',
  'é',
  '\ud800',
  'then',
];

const name = fc.oneof(
  fc.constantFrom(...NAMES),
  fc.string({ unit: 'binary', maxLength: 6 }).filter((text) => text !== '__proto__'),
);

/** Any sequence of UTF-16 units, halves of surrogate pairs included. */
const text = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 8 })
  .map((units) => String.fromCharCode(...units));

const plainLeaf = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    '',
    0,
    1,
    -1,
    0.1,
    1e21,
    Number.MIN_VALUE,
    Number.MAX_VALUE,
    '__proto__',
  ),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (Object.is(number, -0) ? 0 : number)),
  text,
);

function record(value: fc.Arbitrary<unknown>): fc.Arbitrary<Record<string, unknown>> {
  return fc
    .uniqueArray(fc.tuple(name, value), { maxLength: 5, selector: ([key]) => key })
    .map((entries) => Object.fromEntries(entries));
}

/** What JSON gives back exactly. */
export const plainValue: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    plainLeaf,
    fc.array(tie('value'), { maxLength: 5 }),
    record(tie('value')),
  ),
})).value;

const bytes = fc.uint8Array({ maxLength: 24 });

/** A part of another buffer, at an offset that no element size divides by chance. */
const view = (
  make: (buffer: ArrayBuffer, offset: number, length: number) => unknown,
): fc.Arbitrary<unknown> =>
  bytes.map((data) => {
    const length = Math.floor(data.length / 8);
    const buffer = new ArrayBuffer(16 + length * 8);
    new Uint8Array(buffer, 8, length * 8).set(data.subarray(0, length * 8));
    return make(buffer, 8, length);
  });

const binary = fc.oneof(
  bytes,
  bytes.map((data) => Buffer.from(data)),
  bytes.map((data) => Uint8Array.from(data).buffer),
  view((buffer, offset, length) => new DataView(buffer, offset, length * 8)),
  ...[Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array].map(
    (Class) => view((buffer, offset, length) => new Class(buffer, offset, length)),
  ),
  ...[Float32Array, Float64Array, BigInt64Array, BigUint64Array].map((Class) =>
    view((buffer, offset, length) => new Class(buffer, offset, length)),
  ),
);

const regExp = fc
  .tuple(
    fc.constantFrom('', 'a', 'a/b', '[/\\]]', '\\n', '(?<x>.)\\k<x>', '^\\s*$'),
    fc.subarray(['d', 'g', 'i', 'm', 's', 'u', 'y']),
    fc.constantFrom(0, 0, 3),
  )
  .map(([source, flags, lastIndex]) => Object.assign(new RegExp(source, flags.join('')), { lastIndex }));

const errorClass = fc.constantFrom(
  Error,
  TypeError,
  RangeError,
  SyntaxError,
  ReferenceError,
  EvalError,
  URIError,
);

const richLeaf = fc.oneof(
  plainLeaf,
  fc.constantFrom<unknown>(undefined, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
  fc.bigInt(),
  fc.date({ noInvalidDate: false }),
  regExp,
  fc.webUrl({ withQueryParameters: true, withFragments: true }).map((address) => new URL(address)),
  fc.array(fc.tuple(fc.string(), fc.string()), { maxLength: 3 }).map((pairs) => new URLSearchParams(pairs)),
  binary,
);

function error(value: fc.Arbitrary<unknown>): fc.Arbitrary<Error> {
  return fc
    .record({
      Class: errorClass,
      message: fc.option(text, { nil: undefined }),
      cause: fc.option(value, { nil: undefined }),
      more: record(value),
      stack: fc.boolean(),
    })
    .map(({ Class, message, cause, more, stack }) => {
      const made = new Class(message, cause === undefined ? undefined : { cause });
      if (!stack) Reflect.deleteProperty(made, 'stack');
      return Object.assign(made, more);
    });
}

/** A tree of everything that can be carried without registration. */
const richTree: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    richLeaf,
    fc.array(tie('value'), { maxLength: 4 }),
    record(tie('value')),
    record(tie('value')).map((properties) => Object.assign(Object.create(null) as object, properties)),
    fc.array(fc.tuple(tie('value'), tie('value')), { maxLength: 4 }).map((pairs) => new Map(pairs)),
    fc.array(tie('value'), { maxLength: 4 }).map((members) => new Set(members)),
    error(tie('value')),
  ),
})).value;

/** Every object within, the value included. */
export function objectsWithin(value: unknown, found = new Set<object>()): Set<object> {
  if (typeof value !== 'object' || value === null || found.has(value)) return found;
  found.add(value);
  if (ArrayBuffer.isView(value)) return found;
  if (value instanceof Map) for (const pair of value) for (const part of pair) objectsWithin(part, found);
  if (value instanceof Set) for (const part of value) objectsWithin(part, found);
  for (const key of Reflect.ownKeys(value))
    objectsWithin(Object.getOwnPropertyDescriptor(value, key)?.value, found);
  return found;
}

/** Puts one object of the value into another: it is then in two places, or within itself. */
function tieTogether(value: unknown, from: number, to: number): void {
  const objects = [...objectsWithin(value)];
  const [source, target] = [objects[from % objects.length], objects[to % objects.length]];
  if (source === undefined || target === undefined) return;
  if (target instanceof Map) target.set(source, target.size).set(target.size, source);
  else if (target instanceof Set) target.add(source);
  else if (Array.isArray(target)) target.push(source);
  else if (target instanceof Error || [Object.prototype, null].includes(Object.getPrototypeOf(target)))
    Object.assign(target, { tied: source });
}

/** Everything that can be carried without registration, with objects in several places and within themselves. */
export const richValue: fc.Arbitrary<unknown> = fc
  .tuple(richTree, fc.array(fc.tuple(fc.nat(50), fc.nat(50)), { maxLength: 4 }))
  .map(([value, ties]) => {
    for (const [from, to] of ties) tieTogether(value, from, to);
    return value;
  });
