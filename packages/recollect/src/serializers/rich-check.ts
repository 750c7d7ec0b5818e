import { type CustomTag, type RichPayload, SUPERJSON_TYPES } from './rich-format.js';

const CUSTOM_TAGS: ReadonlySet<unknown> = new Set<CustomTag>([
  ...(['bytes', 'class', 'coded', 'dictionary', 'error', 'record', 'ref', 'regexp', 'search'] as const),
]);

/**
 * Lets through only what the writer of rich values writes, before superjson sees it: no type that would allocate by a number
 * or look up a class, no path but to parts of the JSON, and references only where there is a list for them.
 *
 * @throws TypeError
 */
export function checkPayload(payload: unknown): asserts payload is RichPayload {
  if (!isRecord(payload, ['json', 'meta', 'shared']) || !('json' in payload))
    throw new TypeError('no payload of superjson');
  const { json, meta, shared } = payload;
  if (shared !== undefined && (shared !== true || !Array.isArray(json) || json.length < 2))
    throw new TypeError('no list of shared objects');
  if (meta === undefined) return;
  if (!isRecord(meta, ['values', 'v']) || meta.v !== 1) throw new TypeError('no annotations of this version');
  checkTree(meta.values, shared === true);
}

function checkTree(tree: unknown, shared: boolean): void {
  if (!Array.isArray(tree)) {
    checkNotes(tree, shared);
    return;
  }
  const [type, notes] = tree as unknown[];
  const custom = Array.isArray(type) && type.length === 2 && type[0] === 'custom' && CUSTOM_TAGS.has(type[1]);
  if (!custom && !(typeof type === 'string' && SUPERJSON_TYPES.has(type)))
    throw new TypeError(`no type of ours: ${JSON.stringify(type)}`);
  if (custom && type[1] === 'ref' && !shared) throw new TypeError('a reference to nothing');
  if (tree.length > 1) checkNotes(notes, shared);
}

function checkNotes(notes: unknown, shared: boolean): void {
  if (typeof notes !== 'object' || notes === null || Array.isArray(notes))
    throw new TypeError('no tree of annotations');
  for (const tree of Object.values(notes)) checkTree(tree, shared);
}

function isRecord(value: unknown, names: readonly string[]): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.keys(value).every((name) => names.includes(name));
}
