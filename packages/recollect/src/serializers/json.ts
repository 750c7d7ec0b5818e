import { SerializationError } from '../model/errors.js';
import type { Serializer } from '../ports/serializer.js';
import { decodeJson, encodeUnescaped } from './json-text.js';
import { isPlain, whyNotPlain } from './plain-walk.js';

/** JSON in UTF-8, for exactly the values that it gives back as they were. */
export const jsonSerializer: Serializer = Object.freeze({
  id: 'json',

  accepts: (value: unknown): boolean => isPlain(value) && encodeUnescaped(value) !== undefined,

  /** @throws SerializationError naming the first part of the value that JSON would lose or change. */
  encode(value: unknown): Uint8Array {
    if (!isPlain(value)) throw new SerializationError(`JSON cannot carry the value: ${whyNotPlain(value)}`);
    const data = encodeUnescaped(value);
    if (data !== undefined) return data;
    throw new SerializationError(
      'JSON cannot carry the value: a name in it has to be escaped, which V8 may misread',
    );
  },

  decode: decodeJson,
});
