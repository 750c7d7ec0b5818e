import { ConfigurationError } from '../model/errors.js';
import { ERROR_NAMES, prototypeKind } from './value-kind.js';

type ValueClassOf<Instance extends object> = abstract new (...args: never) => Instance;

/** How instances become data and data instances, for a class whose own properties are not all there is to it. */
export interface ValueCodec<Instance extends object, Data = unknown> {
  /** The content of an instance: anything that can be cached itself. It must not change with the instance. */
  encode(instance: Instance): Data;
  /** An instance with that content. */
  decode(data: Data): Instance;
}

/** A class whose instances can be cached. */
export interface ValueClass {
  readonly name: string;
  readonly prototype: object;
  /** Instances are errors: what makes them so has to be there from the beginning. */
  readonly error: boolean;
  readonly codec: ValueCodec<object> | undefined;
}

/**
 * A record that this process is not set up to read, though nothing is wrong with it: another release of the application
 * registered the class.
 */
export class UnknownClassError extends Error {
  override readonly name = 'UnknownClassError';
}

const byName = new Map<string, ValueClass>();
// By prototype: an instance of a subclass may carry what the class knows nothing of, so it is not found.
const byPrototype = new Map<object, ValueClass>();

/** Any use of a private member in the source of a class; one that is never used is no content. */
const PRIVATE_MEMBER = /\.#[\p{ID_Start}$_]/u;

/**
 * Lets instances of a class be cached: they come back as instances. Without a codec their own enumerable properties are
 * carried, and put on an object with the class's prototype; the constructor is not called. With one, what `encode` returns is
 * carried as a value of its own (an object it shares with the rest of the cached value comes back twice).
 *
 * The name stands in the records instead of the class's own: keep it from release to release. Registration holds for the
 * whole process; registering the same class under the same name again replaces the codec. An instance of a subclass is
 * not an instance of the registered class.
 *
 * ```ts
 * registerValueClass('money', Money);
 * registerValueClass('day', LocalDate, { encode: (day) => day.toString(), decode: (text: string) => LocalDate.parse(text) });
 * ```
 *
 * @throws ConfigurationError when the name is empty or taken, when the class is registered already, is a built-in, or cannot
 *   do without a codec because it has `#private` members or extends a built-in other than `Error`.
 */
export function registerValueClass<Instance extends object, Data = unknown>(
  name: string,
  Class: ValueClassOf<Instance>,
  codec?: ValueCodec<Instance, Data>,
): void {
  if (typeof name !== 'string' || name === '') {
    throw new ConfigurationError(
      `name of a value class is ${name === '' ? 'empty' : typeof name}; it accepts text`,
    );
  }
  const prototype: unknown = typeof Class === 'function' ? Class.prototype : undefined;
  if (typeof prototype !== 'object' || prototype === null || prototypeKind(prototype) !== undefined) {
    throw new ConfigurationError(
      `class of value class '${name}' is ${typeof Class === 'function' ? Class.name : typeof Class}; it accepts a class of your own`,
    );
  }
  const others = [byName.get(name), byPrototype.get(prototype)];
  const clash = others.find(
    (other) => other !== undefined && (other.name !== name || other.prototype !== prototype),
  );
  if (clash !== undefined) {
    throw new ConfigurationError(
      clash.name === name
        ? `value class '${name}' is already registered for another class`
        : `class ${Class.name} of value class '${name}' is already registered as '${clash.name}'`,
    );
  }
  const base = builtInBase(prototype);
  const error = base !== undefined && ERROR_NAMES.includes(base);
  if (codec === undefined) requireNoSecrets(name, Class, error ? undefined : base);
  else if (typeof codec.encode !== 'function' || typeof codec.decode !== 'function') {
    throw new ConfigurationError(`codec of value class '${name}' accepts { encode(instance), decode(data) }`);
  }
  const entry = { name, prototype, error, codec: codec as ValueCodec<object> | undefined };
  byName.set(name, entry);
  byPrototype.set(prototype, entry);
}

/** The class registered for instances with this very prototype. */
export function valueClassOf(prototype: object): ValueClass | undefined {
  return byPrototype.get(prototype);
}

/** @throws UnknownClassError when no class is registered under the name. */
export function valueClassNamed(name: unknown): ValueClass {
  const found = byName.get(name as string);
  if (found === undefined) throw new UnknownClassError(`no value class is registered as '${String(name)}'`);
  return found;
}

/** The nearest built-in above the class, `undefined` when that is `Object`. */
function builtInBase(prototype: object): string | undefined {
  for (let at: object | null = prototype; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    const kind = prototypeKind(at);
    if (kind !== undefined) return kind === 'Object' ? undefined : kind;
  }
  return undefined;
}

function requireNoSecrets(name: string, Class: ValueClassOf<object>, base: string | undefined): void {
  const cure = `give registerValueClass('${name}', ${Class.name}, { encode, decode })`;
  if (base !== undefined) {
    throw new ConfigurationError(
      `value class '${name}' extends ${base}, whose content is no property; ${cure}`,
    );
  }
  for (let at: unknown = Class; typeof at === 'function'; at = Object.getPrototypeOf(at)) {
    if (PRIVATE_MEMBER.test(Function.prototype.toString.call(at)))
      throw new ConfigurationError(
        `value class '${name}' has #private members, which nobody else can read; ${cure}`,
      );
  }
}
