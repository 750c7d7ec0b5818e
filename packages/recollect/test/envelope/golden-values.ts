import type { ProtectOption } from '../../src/serializers/protection.js';
import type { WireOptions } from '../../src/serializers/wire.js';

/** A record as a release wrote it, in `golden/<name>.bin`. Never change one: add more. */
export interface Golden {
  readonly name: string;
  readonly value: () => unknown;
  readonly serializer?: string;
  readonly options?: Pick<WireOptions, 'compress' | 'protect'>;
}

const protect = (mode: ProtectOption['mode']): ProtectOption => ({
  mode,
  keys: { golden: 'the secret of all golden records, known to everybody' },
  current: 'golden',
});

const plain = () => ({
  id: 7,
  name: 'Änn \u{1f600} \ud800',
  tags: ['a', '', '"\\'],
  address: { city: 'Ulm', zip: null },
  ok: true,
  rate: 1e21,
});

const rich = () => ({
  none: undefined,
  big: -(2n ** 80n),
  numbers: [-0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  dates: [new Date(1_700_000_000_000), new Date(Number.NaN)],
  map: new Map<unknown, unknown>([
    ['a.b', new Date(1)],
    [new Date(2), new Map()],
  ]),
  set: new Set<unknown>([1, '1', new Set([undefined])]),
  expression: /a\/b/giu,
  expressionInUse: Object.assign(/x/y, { lastIndex: 3 }),
  address: new URL('https://user@example.org:8080/p?q=1#h'),
  search: new URLSearchParams('a=1&a=2'),
  dictionary: Object.assign(Object.create(null) as object, { a: 1n }),
  'odd.name\\': { constructor: new Date(3), prototype: 1 },
});

const binary = () => [
  Uint8Array.of(0, 1, 254, 255),
  Buffer.from('buffer'),
  Uint8Array.of(1, 2).buffer,
  new DataView(Uint8Array.of(9, 8, 7).buffer, 1),
  Float64Array.of(Math.PI, -0),
  Float32Array.of(0.5),
  Int16Array.of(-2, 258),
  Uint8ClampedArray.of(300),
  BigInt64Array.of(-1n),
  BigUint64Array.of(2n ** 64n - 1n),
];

function failure(): Error {
  const error = Object.assign(new TypeError('went wrong', { cause: new Error('below') }), { code: 'E_CODE' });
  for (const one of [error, error.cause as Error])
    Object.defineProperty(one, 'stack', { value: `${one.name}: as it was\n    at release` });
  return error;
}

function graph(): unknown {
  const shared = { name: 'shared' };
  const node: Record<string, unknown> = {
    shared,
    list: [shared],
    set: new Set([shared]),
    byKey: new Map([[shared, shared]]),
  };
  node.self = node;
  return [node, shared];
}

/** Records of format 1. */
export const GOLDEN: readonly Golden[] = [
  { name: 'v1-undefined', value: () => undefined },
  { name: 'v1-empty-text', value: () => '' },
  { name: 'v1-plain', value: plain },
  { name: 'v1-plain-superjson', value: plain, serializer: 'superjson' },
  { name: 'v1-names', value: () => ({ '"': 1, 'a\nb': { 'c.d': '\\' }, '\ud800': [] }) },
  { name: 'v1-rich', value: rich },
  { name: 'v1-binary', value: binary },
  { name: 'v1-error', value: failure },
  { name: 'v1-graph', value: graph },
  { name: 'v1-compressed', value: () => ({ text: 'again and '.repeat(200) }), options: { compress: true } },
  { name: 'v1-signed', value: plain, options: { protect: protect('sign') } },
  { name: 'v1-encrypted', value: rich, options: { protect: protect('encrypt') } },
];
