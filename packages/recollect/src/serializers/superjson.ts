import type { Serializer } from '../ports/serializer.js';
import { decodeJson, encodeJson } from './json-text.js';
import { readRich } from './rich-reader.js';
import { writeRich } from './rich-writer.js';

/**
 * The format of superjson in UTF-8, for everything that has a content: what JSON carries, and `undefined`, `bigint`, `NaN`,
 * infinities and `-0`, `Date`, `Map`, `Set`, `RegExp`, `URL`, `URLSearchParams`, errors, typed arrays, `Buffer`, `ArrayBuffer`,
 * `DataView`, objects without a prototype, instances of registered classes, cycles, and objects that stand in several places.
 *
 * Errors come back as instances of their built-in class, with message, cause, their own properties and the stack
 * they had when they were stored. What comes from another realm comes back as an object of this one.
 */
export const superjsonSerializer: Serializer = Object.freeze({
  id: 'superjson',

  /** @throws SerializationError naming the first part of the value that would be lost or changed. */
  encode: (value: unknown): Uint8Array => encodeJson(writeRich(value)),

  decode: (data: Uint8Array): unknown => readRich(decodeJson(data)),
});
