/** The classes of typed arrays, whose instances are told apart by the kind of their elements. */
export const TYPED_ARRAYS: readonly string[] = [
  ...[
    'Int8Array',
    'Uint8Array',
    'Uint8ClampedArray',
    'Int16Array',
    'Uint16Array',
    'Int32Array',
    'Uint32Array',
  ],
  ...['BigInt64Array', 'BigUint64Array', 'Float16Array', 'Float32Array', 'Float64Array'],
];

const TWO_LEVELS = [
  'Array',
  'Date',
  'RegExp',
  'Map',
  'Set',
  'ArrayBuffer',
  'DataView',
  'URL',
  'URLSearchParams',
];

/** Prototypes between an instance and the end of its chain: a subclass has one more, whatever it calls itself. */
const LEVELS: ReadonlyMap<string, number> = new Map([
  ['Object', 1],
  ...TWO_LEVELS.map((name): [string, number] => [name, 2]),
  ...TYPED_ARRAYS.map((name): [string, number] => [name, 3]),
  ['Buffer', 4],
]);

const known = new WeakMap<object, string>();

/**
 * Which built-in class a prototype seems to belong to, in this realm or another, such as a `vm` context or an iframe,
 * where `instanceof` fails. A class of the application can bear the same name: only the instance's internal slots
 * decide. `undefined` for everything else, subclasses of built-ins included.
 */
export function builtInName(prototype: object): string | undefined {
  const seen = known.get(prototype);
  if (seen !== undefined) return seen;
  const maker: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
  if (typeof maker !== 'function' || maker.prototype !== prototype) return undefined;
  const levels = LEVELS.get(maker.name);
  if (levels === undefined || levels !== chainLength(prototype, levels)) return undefined;
  known.set(prototype, maker.name);
  return maker.name;
}

function chainLength(prototype: object, limit: number): number {
  let length = 0;
  for (let at: object | null = prototype; at !== null && length <= limit; at = Object.getPrototypeOf(at))
    length++;
  return length;
}
