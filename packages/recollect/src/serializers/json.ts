import { SerializationError } from '../model/errors.js';
import type { Serializer } from '../ports/serializer.js';
import { decodeJson, encodeJson } from './json-text.js';
import { isPlain, whyNotPlain } from './plain-walk.js';

/** JSON in UTF-8, for exactly the values that it gives back as they were. */
export const jsonSerializer: Serializer = Object.freeze({
  id: 'json',

  accepts: isPlain,

  /** @throws SerializationError naming the first part of the value that JSON would lose or change. */
  encode(value: unknown): Uint8Array {
    if (!isPlain(value)) throw new SerializationError(`JSON cannot carry the value: ${whyNotPlain(value)}`);
    return encodeJson(value);
  },

  decode: decodeJson,
});
