import type { LazyStep } from './refusal.js';
import type { NoteTaker } from './rich-notes.js';

/** A walk under way, as the writers of its parts see it. */
export interface RichWalk {
  readonly notes: NoteTaker;
  /** Looks for what is so rare that a walk through the value is only repeated for it where there are signs of it. */
  readonly exact: boolean;
  /** Another walk has looked at the value already: what it would have refused is not there. */
  readonly trusted: boolean;
  /** The JSON of a part of what is at the depth: by a step in the JSON, and one in the value. */
  part(held: unknown, depth: number, place: string | number, step: LazyStep): unknown;
}
