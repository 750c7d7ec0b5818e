import { SerializationError } from '../model/errors.js';
import { NoteTaker } from './rich-notes.js';
import { type ValueStep, valuePath } from './value-path.js';

/** Where a walk begins: at the value itself, or at what a codec made of a part of it. */
export interface Origin {
  readonly steps: readonly ValueStep[];
  readonly depth: number;
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

  /** Takes one step in both and goes on there; steps are not taken back when that throws, so that the error can name them. */
  inside(
    place: string | number,
    step: ValueStep,
    walk: (value: unknown) => unknown,
    value: unknown,
  ): unknown {
    this.notes.enter(place);
    this.#steps.push(step);
    const json = walk(value);
    this.#steps.pop();
    this.notes.leave();
    return json;
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
