import type { RichType } from './rich-format.js';

/** What has been annotated around a part that was opened. */
export interface NoteScope {
  readonly indices: string;
  readonly names: string;
  readonly base: number;
}

/** Paths that are names of array elements: objects list them before all other names, in whatever order they came. */
const INDEX = /^(?:0|[1-9]\d{0,8})$/;

/**
 * Gathers annotations while a value is walked, in superjson's tree: a part that has one holds those of the parts within
 * it, by their path from there. The tree is written as JSON at once: to make objects of it first takes twice as long.
 */
export class NoteTaker {
  /** The step that leads out of each depth, from the value on; those above the part the walk is at are valid. */
  readonly #steps: (string | number)[] = [];
  #tree: string | undefined;
  /** Annotations under way, with commas between them. */
  #indices = '';
  #names = '';
  /** Depth of the nearest part around that has an annotation. */
  #base: number;

  /** @param start depth of the value itself. */
  constructor(private readonly start: number) {
    this.#base = start;
  }

  /** The walk goes from the depth to the next one. */
  enter(depth: number, step: string | number): void {
    const steps = this.#steps;
    const at = depth - this.start;
    // Three times as fast as a store that may make the array longer.
    if (at < steps.length) steps[at] = step;
    else steps.push(step);
  }

  /** Annotates the part at the depth, which has no annotated parts of its own. */
  note(depth: number, type: RichType): void {
    this.#put(depth, `[${type}]`);
  }

  /** From here on annotations belong under the part at the depth, until it is closed with what this returns. */
  open(depth: number): NoteScope {
    const outer = { indices: this.#indices, names: this.#names, base: this.#base };
    this.#indices = '';
    this.#names = '';
    this.#base = depth;
    return outer;
  }

  /** Annotates the part at the depth, which was opened, and puts what was annotated since under it. */
  close({ indices, names, base }: NoteScope, depth: number, type: RichType): void {
    const inner = this.#members;
    this.#indices = indices;
    this.#names = names;
    this.#base = base;
    this.#put(depth, inner === undefined ? `[${type}]` : `[${type},${inner}]`);
  }

  /** All of it in JSON; `undefined` when the value needs none. */
  get tree(): string | undefined {
    return this.#tree ?? this.#members;
  }

  get #members(): string | undefined {
    const members = listed(this.#indices, this.#names);
    return members === '' ? undefined : `{${members}}`;
  }

  #put(depth: number, tree: string): void {
    if (depth === this.start) {
      this.#tree = tree;
      return;
    }
    const steps = this.#steps;
    const first = this.#base - this.start;
    // No step has anything in it that would have to be escaped.
    let path = String(steps[first]);
    for (let at = first + 1; at < depth - this.start; at++) path += `.${steps[at]}`;
    const member = `"${path}":${tree}`;
    if (depth === this.#base + 1 && INDEX.test(path)) this.#indices = listed(this.#indices, member);
    else this.#names = listed(this.#names, member);
  }
}

function listed(members: string, more: string): string {
  return members === '' || more === '' ? members + more : `${members},${more}`;
}
