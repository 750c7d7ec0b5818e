import { createContext, runInContext } from 'node:vm';
import fc from 'fast-check';

/** Few leaves, so that equal arguments meet often, and each next to what a careless key would take it for. */
const LEAVES: readonly unknown[] = [
  ...[0, -0, 1, -1, 0.1, 1e21, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  ...[0n, 1n, -1n, 2n ** 70n, -(2n ** 70n), true, false, null, undefined],
  ...[
    '',
    '0',
    '1',
    '-0',
    '1n',
    'true',
    'null',
    'undefined',
    'NaN',
    '_',
    'a',
    'b',
    ',',
    '"',
    '\\',
    '\\"',
    '"a","b"',
    '[]',
    '{}',
  ],
  ...[
    'a:b',
    'a,b',
    '~',
    '%',
    '\0',
    '\r\n',
    '\u2028',
    '\ud800',
    '\ud801',
    '\ud83d\ude00',
    '\u00e9',
    'e\u0301',
    '__proto__',
  ],
];
const KEYS = ['a', 'b', '', '0', '1', 'a":1,"b', '__proto__', 'constructor', 'toJSON', '\ud800', 'é'];

const leaf = fc.constantFrom(...LEAVES);
const key = fc.constantFrom(...KEYS);
const bytes = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3 });

const builtIn = fc.oneof(
  fc.constantFrom(0, 1, Number.NaN, -1).map((time) => new Date(time)),
  fc.constantFrom('http://a/', 'http://a/?a=1').map((href) => new URL(href)),
  fc.constantFrom('', '=', 'a=1&b=2', 'b=2&a=1', 'a=1%26b=2').map((query) => new URLSearchParams(query)),
  fc.constantFrom(/a/, /a/g, /"a","g/, /b/, /(?:)/),
  bytes.map((list) => new Uint8Array(list)),
  bytes.map((list) => Buffer.from(list)),
  bytes.map((list) => new Int8Array(list)),
  bytes.map((list) => new Uint8Array(list).buffer),
  bytes.map((list) => new DataView(new Uint8Array([9, ...list]).buffer, 1)),
  bytes.map((list) => new BigInt64Array(list.map(BigInt))),
  fc.array(fc.constantFrom(0, -0, Number.NaN, 0.5), { maxLength: 2 }).map((list) => new Float64Array(list)),
);

const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { weight: 6, arbitrary: leaf },
    { weight: 1, arbitrary: builtIn },
    { weight: 2, arbitrary: fc.array(tie('value'), { maxLength: 3 }) },
    { weight: 3, arbitrary: fc.array(fc.tuple(key, tie('value')), { maxLength: 3 }).map(objectOf) },
    {
      weight: 1,
      arbitrary: fc
        .array(fc.tuple(tie('value'), tie('value')), { maxLength: 3 })
        .map((list) => new Map(list)),
    },
    { weight: 1, arbitrary: fc.array(tie('value'), { maxLength: 3 }).map((list) => new Set(list)) },
  ),
}));

/** A list of arguments. */
export const argumentList: fc.Arbitrary<unknown[]> = fc.array(value, { maxLength: 3 });

function objectOf(
  members: readonly (readonly [string, unknown])[],
  prototype: object | null = Object.prototype,
): object {
  const object = Object.create(prototype) as object;
  // Not by assignment: `__proto__` must become a property.
  for (const [name, member] of members) {
    Object.defineProperty(object, name, {
      value: member,
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return object;
}

/** Constructors of another realm, whose instances no `instanceof` of this one knows. */
const foreign = runInContext(
  '({ Array, Map, Set, Date, RegExp, Uint8Array, prototype: Object.prototype })',
  createContext(),
) as {
  Array: ArrayConstructor;
  Map: MapConstructor;
  Set: SetConstructor;
  Date: DateConstructor;
  RegExp: RegExpConstructor;
  Uint8Array: Uint8ArrayConstructor;
  prototype: object;
};
const own = { Array, Map, Set, Date, RegExp, Uint8Array, prototype: Object.prototype };

/** Rebuilds a list in another order, now and then in another realm; at each spot an edit slips in with chance `rate`. */
export function rebuilt(list: readonly unknown[], rate: number, random: () => number): unknown[] {
  const edited = random() < rate ? editList(list, random) : list;
  return edited.map((one) => copy(one, rate, random));
}

function editList(list: readonly unknown[], random: () => number): readonly unknown[] {
  const edits = [
    () => [...list, undefined],
    () => [undefined, ...list],
    () => list.slice(0, -1),
    () => list.toReversed(),
    () => [list],
    () => (list.length === 1 && Array.isArray(list[0]) ? list[0] : list),
    () => [...list, null],
  ];
  return (pick(edits, random) as () => readonly unknown[])();
}

function copy(from: unknown, rate: number, random: () => number): unknown {
  const one = random() < rate ? editValue(from, random) : from;
  const again = (inner: unknown) => copy(inner, rate, random);
  if (typeof one !== 'object' || one === null) return one;
  const realm = random() < 0.2 ? foreign : own;
  if (Array.isArray(one)) return copyArray(one, realm, again);
  if (one instanceof Map) return new realm.Map([...one].toReversed().map(([k, v]) => [again(k), again(v)]));
  if (one instanceof Set) return new realm.Set([...one].toReversed().map(again));
  if (one instanceof Date) return new realm.Date(one.getTime());
  if (one instanceof RegExp) return new realm.RegExp(one.source, one.flags);
  if (one instanceof URL) return new URL(one.href);
  if (one instanceof URLSearchParams) return new URLSearchParams([...one]);
  if (Buffer.isBuffer(one)) return new realm.Uint8Array(one);
  if (one instanceof Uint8Array) return Buffer.from(one);
  if (ArrayBuffer.isView(one) || one instanceof ArrayBuffer) return one;
  const members = Object.entries(one)
    .toReversed()
    .map(([name, member]) => [name, again(member)] as const);
  return objectOf(members, random() < 0.3 ? null : realm.prototype);
}

function copyArray(
  from: readonly unknown[],
  realm: typeof own,
  again: (inner: unknown) => unknown,
): unknown[] {
  const to = new realm.Array<unknown>(from.length);
  for (const name of Object.keys(from))
    (to as unknown as Record<string, unknown>)[name] = again(from[Number(name)]);
  return to;
}

function editValue(from: unknown, random: () => number): unknown {
  const edits: (() => unknown)[] = [
    () => pick(LEAVES, random),
    () => String(from),
    () => [from],
    () => ({ a: from }),
    () => new Set([from]),
    () => new Map([[from, from]]),
    () => (Array.isArray(from) ? new Set(from) : [undefined]),
    () => (Array.isArray(from) ? { ...from } : new Array(1)),
    () => (from instanceof Map ? Object.fromEntries([...from].map(([k, v]) => [String(k), v])) : {}),
    () => (from instanceof Uint8Array ? new Int8Array(from) : []),
    () => (from instanceof Date ? from.getTime() : Number(typeof from === 'string' ? from : 0)),
    () => (isPlain(from) ? { ...from, b: undefined } : undefined),
  ];
  return (pick(edits, random) as () => unknown)();
}

function isPlain(from: unknown): from is object {
  return typeof from === 'object' && from !== null && Object.getPrototypeOf(from) === Object.prototype;
}

function pick<T>(list: readonly T[], random: () => number): T | undefined {
  return list[Math.floor(random() * list.length)];
}
