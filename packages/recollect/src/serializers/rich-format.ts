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

/** The type of an annotation as it stands in its JSON: one of superjson, or one of ours. */
export type RichType = `"${string}"` | `["custom","${CustomTag}"]`;

/**
 * What a record holds: a result of superjson. With `shared`, `json` is a list: the value itself, then every object that
 * appears in more than one place. Superjson's own `referentialEqualities` are not used: they are applied by walking
 * paths through maps and sets, which reorders them, and they do not reach into classes.
 */
export interface RichPayload {
  readonly json: unknown;
  readonly meta?: { readonly values: unknown; readonly v: 1 };
  readonly shared?: true;
}

/** One property in a list of properties. */
export type RichProperty =
  | readonly [name: string, value: unknown]
  | readonly [name: string, value: unknown, hidden: 0];

/**
 * Names that stand in a list instead of being names in the JSON: those that superjson refuses in a path, because walking
 * through them could reach a prototype; and those that would have to be escaped in the JSON or in a path, see
 * `hasEscapedName`.
 */
export function isListedName(name: string): boolean {
  if (common.has(name)) return false;
  if (name === 'constructor' || name === 'prototype' || ESCAPED.test(name)) return true;
  if (common.size < MOST_COMMON) common.add(name);
  return false;
}

/** The first names that were looked at and need no list: to look one up takes a third of the time. */
const common = new Set<string>();
const MOST_COMMON = 1_000;

/** A dot, or one of the characters that are not allowed in JSON strings: quotes, backslashes, controls, half pairs. */
const ESCAPED = /[^ !#-\-/-[\]-\u{d7ff}\u{e000}-\u{10ffff}]/u;
