import type { RichNotes, RichTree, RichType } from './rich-format.js';

/**
 * Gathers annotations while a value is walked, in superjson's tree: a part that has one holds those of the parts within
 * it, by their path from there.
 */
export class NoteTaker {
  #tree: RichTree | undefined;
  #notes: RichNotes = {};
  #taken = false;
  readonly #path: (string | number)[] = [];
  /** Length of the path to the nearest part around that has an annotation. */
  #base = 0;

  enter(step: string | number): void {
    this.#path.push(step);
  }

  leave(): void {
    this.#path.pop();
  }

  /** Annotates the part the walk is at, which has no annotated parts of its own. */
  note(type: RichType): void {
    this.#put([type]);
  }

  /** Annotates the part the walk is at, and puts what `inside` annotates under it. */
  around<Json>(type: RichType, inside: () => Json): Json {
    const outer = { notes: this.#notes, taken: this.#taken, base: this.#base };
    this.#notes = {};
    this.#taken = false;
    this.#base = this.#path.length;
    const json = inside();
    const inner = this.#taken ? this.#notes : undefined;
    this.#notes = outer.notes;
    this.#taken = outer.taken;
    this.#base = outer.base;
    this.#put(inner === undefined ? [type] : [type, inner]);
    return json;
  }

  /** All of it; `undefined` when JSON alone says everything. */
  get tree(): RichTree | undefined {
    return this.#tree ?? (this.#taken ? this.#notes : undefined);
  }

  #put(tree: RichTree): void {
    if (this.#path.length === 0) {
      this.#tree = tree;
      return;
    }
    this.#taken = true;
    let path = escapeStep(this.#path[this.#base] as string | number);
    for (let i = this.#base + 1; i < this.#path.length; i++) path += `.${escapeStep(this.#path[i] as string | number)}`;
    this.#notes[path] = tree;
  }
}

/** A dot separates steps, a backslash escapes both. */
function escapeStep(step: string | number): string {
  if (typeof step === 'number') return String(step);
  // To look for them is several times cheaper than to replace none.
  return step.includes('.') || step.includes('\\') ? step.replace(/[\\.]/g, '\\$&') : step;
}
