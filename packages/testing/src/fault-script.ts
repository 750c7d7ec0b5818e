import { ConfigurationError } from 'recollect';

/** One line of a script: what goes wrong, and when. */
export interface ScriptedFault<Operation extends string, Fault> {
  readonly operation: Operation;
  /** The call it strikes, counted per operation from 1; absent: every call that no numbered line strikes. */
  readonly nth?: number;
  readonly fault: Fault;
}

/** Faults by operation and call, so that a failing run can be run again. There are no probabilities in it. */
export class FaultScript<Operation extends string, Fault> {
  #lines: readonly ScriptedFault<Operation, Fault>[];
  readonly #calls = new Map<Operation, number>();

  /** @throws ConfigurationError when an `nth` is not a whole number from 1. */
  constructor(lines: readonly ScriptedFault<Operation, Fault>[]) {
    this.#lines = checked(lines);
  }

  /** Puts other lines in the place of these. Calls are counted on. */
  rewrite(lines: readonly ScriptedFault<Operation, Fault>[]): void {
    this.#lines = checked(lines);
  }

  /** How often the operation was called. */
  calls(operation: Operation): number {
    return this.#calls.get(operation) ?? 0;
  }

  /** Counts a call; the fault that strikes it. */
  strike(operation: Operation): Fault | undefined {
    const call = this.calls(operation) + 1;
    this.#calls.set(operation, call);
    const lines = this.#lines.filter((line) => line.operation === operation);
    return (lines.find(({ nth }) => nth === call) ?? lines.find(({ nth }) => nth === undefined))?.fault;
  }
}

function checked<Line extends { readonly nth?: number }>(lines: readonly Line[]): readonly Line[] {
  for (const { nth } of lines) {
    if (nth !== undefined && !(Number.isInteger(nth) && nth >= 1)) {
      throw new ConfigurationError(
        `nth is ${nth}; it accepts a whole number from 1, or nothing for every call`,
      );
    }
  }
  return [...lines];
}
