import { SuperJSON, type SuperJSONResult } from 'superjson';
import { type BinaryForm, binaryValue } from './binary-value.js';
import { checkPayload } from './rich-check.js';
import type { CustomTag, RichProperty } from './rich-format.js';
import { linkShared, SharedPlace } from './rich-links.js';
import { UnknownClassError, valueClassNamed } from './value-classes.js';
import { ERROR_NAMES } from './value-kind.js';

type Named = readonly [name: string, properties: readonly RichProperty[]];

const globals = globalThis as unknown as Readonly<
  Record<string, { readonly prototype: object } | undefined>
> & {
  readonly URLSearchParams: new (text: string) => object;
};

const READERS: { readonly [tag in CustomTag]: (json: never) => unknown } = {
  bytes: (form: BinaryForm) => binaryValue(form),
  class: ([name, properties]: Named) => {
    const { prototype, error, codec } = valueClassNamed(name);
    if (codec !== undefined) throw new TypeError(`value class '${name}' has a codec`);
    return defined(error ? bareError(prototype) : (Object.create(prototype) as object), properties);
  },
  coded: ([name, payload]: readonly [string, unknown]) => {
    const { codec } = valueClassNamed(name);
    if (codec === undefined) throw new TypeError(`value class '${name}' has no codec`);
    return codec.decode(readRich(payload));
  },
  dictionary: (properties: readonly RichProperty[]) => defined(Object.create(null) as object, properties),
  error: ([name, properties]: Named) => {
    const prototype = ERROR_NAMES.includes(name) ? globals[name]?.prototype : undefined;
    if (prototype === undefined) throw new UnknownClassError(`this runtime has no ${name}`);
    return defined(bareError(prototype), properties);
  },
  record: (properties: readonly RichProperty[]) => defined({}, properties),
  ref: (place: number) => new SharedPlace(place),
  regexp: ([source, flags, lastIndex]: readonly [string, string, number]) =>
    Object.assign(new RegExp(source, flags), { lastIndex }),
  search: (text: string) => new globals.URLSearchParams(text),
};

/** Of its own, because applications register types with the global one, and only for reading. */
const reader = new SuperJSON();
for (const [tag, read] of Object.entries(READERS)) {
  reader.registerCustom(
    {
      isApplicable: (_value): _value is never => false,
      serialize: () => null,
      deserialize: read as () => never,
    },
    tag,
  );
}

/**
 * The value of a payload. Nothing is called by a name from the payload but what is registered, and no part of it reaches a
 * prototype.
 *
 * @throws UnknownClassError when another release could read it; any other error when it was never written here.
 */
export function readRich(payload: unknown): unknown {
  checkPayload(payload);
  const { json, meta, shared } = payload;
  const value: unknown = reader.deserialize({ json, meta } as SuperJSONResult, { inPlace: true });
  return shared ? linkShared(value as unknown[]) : value;
}

/** A real error of a class, with none of its own properties yet. */
function bareError(prototype: object): object {
  const error = Object.setPrototypeOf(new Error(), prototype) as Error;
  // The place where it was decoded is of no interest; the stack it had is among its properties.
  Reflect.deleteProperty(error, 'stack');
  return error;
}

function defined(target: object, properties: readonly RichProperty[]): object {
  for (const [name, value, hidden] of properties) {
    if (typeof name !== 'string' || name === '__proto__') throw new TypeError('no name of a property');
    Object.defineProperty(target, name, {
      value,
      writable: true,
      configurable: true,
      enumerable: hidden !== 0,
    });
  }
  return target;
}
