import { CUSTOM_KINDS, type RichKind, SUPERJSON_KINDS } from './rich-kinds.js';

/** An object or an array of the JSON; of an array, the names are indices. */
type Parts = Record<string, unknown>;

const isEnumerable = Object.prototype.propertyIsEnumerable;

/**
 * The value of a payload, made out of its JSON. Nothing is called by a name from the payload but what is registered, and no
 * path in it leads to anything but a part of the JSON.
 *
 * @throws UnknownClassError when another release could read it; any other error when it was never written here.
 */
export function readRich(payload: unknown): unknown {
  const { json, meta, shared } = fieldsOf(payload, ['json', 'meta', 'shared']);
  if (json === undefined) throw new TypeError('no payload of superjson');
  let notes: unknown;
  if (meta !== undefined) {
    const { values, v } = fieldsOf(meta, ['values', 'v']);
    if (v !== 1 || values === undefined) throw new TypeError('no annotations of this version');
    notes = values;
  }
  if (shared === undefined) return new RichReader([]).read(json, notes);
  if (shared !== true || !Array.isArray(json) || json.length < 2 || Array.isArray(notes))
    throw new TypeError('no list of shared objects');
  return readShared(json, (notes ?? {}) as Parts);
}

/** The first of the parts; the others are objects that it refers to, and that may refer to each other. */
function readShared(parts: unknown[], notes: Parts): unknown {
  const fills: (() => void)[] = [];
  // All are there, some of them empty, before the first reference is read.
  const shared = parts.map((json, place) => {
    const tree = notes[place];
    if (place === 0 || !Array.isArray(tree)) return json;
    Reflect.deleteProperty(notes, place);
    const [type, inner] = tree as unknown[];
    const kind = kindOf(type);
    const made = kind.make(json as never, readRich);
    fills.push(() => {
      if (inner !== undefined) reader.annotate(json, inner);
      kind.fill?.(made, json as never);
    });
    return made;
  });
  const reader = new RichReader(shared);
  for (const fill of fills) fill();
  reader.annotate(parts, notes);
  return parts[0];
}

class RichReader {
  /** @param shared by their place; at 0 there is none. */
  constructor(private readonly shared: readonly unknown[]) {}

  /** What a part of the JSON stands for by its annotations. */
  read(json: unknown, tree: unknown): unknown {
    if (tree === undefined) return json;
    if (!Array.isArray(tree)) {
      this.annotate(json, tree);
      return json;
    }
    const [type, notes] = tree as unknown[];
    if (isCustom(type) && type[1] === 'ref') return this.#referred(json);
    if (notes !== undefined) this.annotate(json, notes);
    const kind = kindOf(type);
    const made = kind.make(json as never, readRich);
    kind.fill?.(made, json as never);
    return made;
  }

  /** Puts what they stand for in the place of the parts that the paths lead to. */
  annotate(json: unknown, notes: unknown): void {
    const trees = partsOf(notes);
    for (const path of Object.keys(trees)) {
      const steps = stepsOf(path);
      const last = steps.pop() as string;
      let parts = partsOf(json);
      for (const step of steps) parts = partsOf(held(parts, step));
      parts[last] = this.read(held(parts, last), trees[path]);
    }
  }

  #referred(place: unknown): unknown {
    const object = typeof place === 'number' && place > 0 ? this.shared[place] : undefined;
    if (typeof object !== 'object' || object === null)
      throw new RangeError(`no shared object at ${String(place)}`);
    return object;
  }
}

function kindOf(type: unknown): RichKind {
  const kind = isCustom(type) ? CUSTOM_KINDS.get(type[1]) : SUPERJSON_KINDS.get(type);
  if (kind === undefined) throw new TypeError(`no type of ours: ${JSON.stringify(type)}`);
  return kind;
}

function isCustom(type: unknown): type is readonly ['custom', unknown] {
  return Array.isArray(type) && type.length === 2 && type[0] === 'custom';
}

/** @throws TypeError for everything but an object or an array as JSON has them: what was made of one is not entered. */
function partsOf(json: unknown): Parts {
  const prototype: unknown = typeof json === 'object' && json !== null && Object.getPrototypeOf(json);
  if (prototype !== Object.prototype && prototype !== Array.prototype)
    throw new TypeError('a path to no part of the JSON');
  return json as Parts;
}

function held(parts: Parts, step: string): unknown {
  if (!isEnumerable.call(parts, step)) throw new TypeError('a path to no part of the JSON');
  return parts[step];
}

function stepsOf(path: string): string[] {
  if (path.includes('\\')) return escapedSteps(path);
  const steps: string[] = [];
  let start = 0;
  for (let dot = path.indexOf('.'); dot !== -1; dot = path.indexOf('.', start)) {
    steps.push(path.slice(start, dot));
    start = dot + 1;
  }
  steps.push(path.slice(start));
  return steps;
}

/** Superjson escapes dots and backslashes by a backslash. */
function escapedSteps(path: string): string[] {
  const steps = [''];
  for (const [part, escaped] of path.matchAll(/\\([\\.])|./gsu)) {
    if (part === '\\') throw new TypeError('no path');
    if (part === '.') steps.push('');
    else steps.push(`${steps.pop()}${escaped ?? part}`);
  }
  return steps;
}

/** @throws TypeError for fields that no writer of ours writes. */
function fieldsOf(value: unknown, names: readonly string[]): Parts {
  const fields = partsOf(value);
  if (Array.isArray(value) || !Object.keys(fields).every((name) => names.includes(name)))
    throw new TypeError('no payload of superjson');
  return fields;
}
