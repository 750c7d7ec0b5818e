import { reasonInWords } from '../keys/key-refusal.js';
import { type ValueStep, valuePath } from './value-path.js';

/** A step, or what makes one: only when somebody asks. */
export type LazyStep = ValueStep | (() => ValueStep);

/** Why a part of a value cannot be carried. On its way out of the walk it gathers the steps that lead to the part. */
export class Refusal extends Error {
  /** Innermost first. */
  readonly steps: ValueStep[] = [];

  constructor(reason: string, step?: ValueStep, options?: ErrorOptions) {
    super(reason, options);
    if (step !== undefined) this.steps.push(step);
  }

  /** The way to the part, and what is wrong with it. */
  get text(): string {
    return `${valuePath([...this.steps].reverse())} ${this.message}`;
  }
}

/** The refusal that whatever was thrown amounts to: a proxy, a codec or a full stack may throw anything. */
export function refusalOf(thrown: unknown): Refusal {
  if (thrown instanceof Refusal) return thrown;
  return new Refusal(`cannot be read (${reasonInWords(thrown)})`, undefined, { cause: thrown });
}

/** The refusal, seen from one step further out. */
export function refusedAt(thrown: unknown, step: LazyStep): Refusal {
  const refusal = refusalOf(thrown);
  refusal.steps.push(typeof step === 'function' ? step() : step);
  return refusal;
}
