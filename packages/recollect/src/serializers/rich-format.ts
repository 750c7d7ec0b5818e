/** The types of superjson that stand in our records. */
export const SUPERJSON_TYPES: ReadonlySet<string> = new Set([
  ...['undefined', 'bigint', 'number', 'Date', 'regexp', 'set', 'map', 'URL'],
]);

/**
 * What a part of the JSON means where superjson has no type for it, would change the value, or would waste space. In
 * its annotations they are of type `['custom', tag]`.
 *
 * | tag | JSON |
 * |---|---|
 * | `bytes` | kind and base64 |
 * | `search` | text of `URLSearchParams` |
 * | `regexp` | source, flags, `lastIndex`: only where that is not 0 |
 * | `error` | name of the class, properties |
 * | `class` | name of the value class, properties |
 * | `coded` | name of the value class, payload of what its codec made |
 * | `dictionary` | properties of an object without a prototype |
 * | `record` | properties of a plain object, where one has a name that is better not a name in the JSON |
 * | `ref` | place in the list of shared objects, from 1 |
 *
 * Properties are a list of `[name, value]`, or `[name, value, 0]` where it is not enumerable.
 */
export type CustomTag =
  | 'bytes'
  | 'class'
  | 'coded'
  | 'dictionary'
  | 'error'
  | 'record'
  | 'ref'
  | 'regexp'
  | 'search';

/** An annotation: a type of superjson, or of ours. */
export type RichType = string | readonly ['custom', CustomTag];

/** Annotations by path from the part they belong to: superjson's own tree. */
export interface RichNotes {
  [path: string]: RichTree;
}
export type RichTree = RichNotes | readonly [RichType] | readonly [RichType, RichNotes];

/**
 * What a record holds: a result of superjson. With `shared`, `json` is a list: the value itself, then every object that
 * appears in more than one place. Superjson's own `referentialEqualities` are not used: they are applied by walking
 * paths through maps and sets, which reorders them, and they do not reach into classes.
 */
export interface RichPayload {
  readonly json: unknown;
  readonly meta?: { readonly values: RichTree; readonly v: 1 };
  readonly shared?: true;
}

/** One property in a list of properties. */
export type RichProperty =
  | readonly [name: string, value: unknown]
  | readonly [name: string, value: unknown, hidden: 0];

/**
 * Names that stand in a list instead of being names in the JSON: those that superjson refuses in a path, because walking
 * through them could reach a prototype; and those that would have to be escaped in the JSON or in a path, see
 * `encodeUnescaped`.
 */
export function isListedName(name: string): boolean {
  return name === 'constructor' || name === 'prototype' || ESCAPED.test(name);
}

/** A dot, or one of the characters that are not allowed in JSON strings: quotes, backslashes, controls, half pairs. */
const ESCAPED = /[^ !#-\-/-[\]-\u{d7ff}\u{e000}-\u{10ffff}]/u;
