import { SerializationError } from '../model/errors.js';
import { NoteTaker } from './rich-notes.js';
import { type ValueStep, valuePath } from './value-path.js';

/** Where a walk begins: at the value itself, or at what a codec made of a part of it. */
export interface Origin {
  readonly steps: readonly ValueStep[];
  readonly depth: number;
}

/** A walk under way, as the writers of its parts see it. */
export interface RichWalk {
  readonly trail: RichTrail;
  /** Writes a part of what is being written. */
  json(value: unknown): unknown;
}

/** Where a walk stands: once in the value, for messages, and once in the JSON, for annotations. */
export class RichTrail {
  readonly notes = new NoteTaker();
  depth: number;
  readonly #steps: ValueStep[];

  constructor(origin: Origin) {
    this.depth = origin.depth;
    this.#steps = [...origin.steps];
  }

  /** One step in both. It is not taken back when the walk ends in an error, which can then say where. */
  enter(place: string | number, step: ValueStep): void {
    this.notes.enter(place);
    this.#steps.push(step);
  }

  leave(): void {
    this.#steps.pop();
    this.notes.leave();
  }

  /** An origin one step further. */
  from(step: ValueStep): Origin {
    return { steps: [...this.#steps, step], depth: this.depth };
  }

  readonly refuse = (reason: string, step?: ValueStep, options?: ErrorOptions): SerializationError =>
    new SerializationError(
      `the value cannot be stored: ${valuePath(step === undefined ? this.#steps : [...this.#steps, step])} ${reason}`,
      options,
    );
}
