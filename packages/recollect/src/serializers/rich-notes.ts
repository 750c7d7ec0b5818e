import type { RichNotes, RichTree, RichType } from './rich-format.js';

/** What has been annotated around a part that was opened. */
export interface NoteScope {
  readonly notes: RichNotes | undefined;
  readonly base: number;
}

/**
 * Gathers annotations while a value is walked, in superjson's tree: a part that has one holds those of the parts within
 * it, by their path from there.
 */
export class NoteTaker {
  #tree: RichTree | undefined;
  #notes: RichNotes | undefined;
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

  /** From here on annotations belong under the part the walk is at, until it is closed with what this returns. */
  open(): NoteScope {
    const outer = { notes: this.#notes, base: this.#base };
    this.#notes = undefined;
    this.#base = this.#path.length;
    return outer;
  }

  /** Annotates the part the walk is at, which was opened, and puts what was annotated since under it. */
  close(outer: NoteScope, type: RichType): void {
    const inner = this.#notes;
    this.#notes = outer.notes;
    this.#base = outer.base;
    this.#put(inner === undefined ? [type] : [type, inner]);
  }

  /** All of it; `undefined` when JSON alone says everything. */
  get tree(): RichTree | undefined {
    return this.#tree ?? this.#notes;
  }

  #put(tree: RichTree): void {
    if (this.#path.length === 0) {
      this.#tree = tree;
      return;
    }
    // No step has a dot or a backslash in it, which superjson would want escaped.
    let path = String(this.#path[this.#base]);
    for (let i = this.#base + 1; i < this.#path.length; i++) path += `.${this.#path[i]}`;
    this.#notes ??= {};
    this.#notes[path] = tree;
  }
}
