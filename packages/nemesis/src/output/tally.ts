import type { Stretch } from '../history/history.js';
import type { RoundResult } from '../round/round.js';

/** Sums over all rounds. */
export class Tally {
  rounds = 0;
  operations = 0;
  loads = 0;
  /** How many violations there were of each invariant. */
  readonly violated = new Map<string, number>();
  overtakenJoins = 0;
  /** Microseconds for which servers may have forgotten what they had acknowledged, and less was checked. */
  #forgetful = 0;
  readonly #faults = new Map<string, number>();
  readonly #outcomes = new Map<string, number>();

  add({ history, verdict }: RoundResult): void {
    this.rounds += 1;
    this.operations += history.operations.length;
    this.loads += history.loads.length;
    for (const { invariant } of verdict.violations) count(this.violated, invariant);
    this.overtakenJoins += verdict.overtakenJoins;
    this.#forgetful += covered(history.amnesias);
    // That this program came to nothing for a while was not its doing.
    for (const { kind } of history.faults) if (kind !== 'stall') count(this.#faults, kind);
    for (const { kind, outcome } of history.operations) {
      const what =
        outcome?.is === 'error' ? `${outcome.name} ${outcome.kind}` : (outcome?.is ?? 'no end seen');
      count(this.#outcomes, `${kind}: ${what.trim()}`);
    }
  }

  get faults(): number {
    return total(this.#faults);
  }

  get violations(): number {
    return total(this.violated);
  }

  lines(): string[] {
    return [
      `${this.rounds} rounds, ${this.operations} operations, ${this.loads} loads, ${this.faults} faults, ${this.violations} violations`,
      ...(this.violations === 0 ? [] : [`violations: ${listed(this.violated)}`]),
      `faults: ${listed(this.#faults)}`,
      `outcomes: ${listed(this.#outcomes)}`,
      `servers were excused for forgetting, as they may after a failover: ${(this.#forgetful / 1e6).toFixed(1)} s`,
      `calls that shared a flight which an invalidation elsewhere had overtaken: ${this.overtakenJoins}`,
    ];
  }
}

/** How long at least one of them lasts. */
function covered(stretches: readonly Stretch[]): number {
  let until = Number.NEGATIVE_INFINITY;
  let sum = 0;
  for (const { start, end } of [...stretches].sort((one, other) => one.start - other.start)) {
    sum += Math.max(0, end - Math.max(until, start));
    until = Math.max(until, end);
  }
  return sum;
}

function total(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, each) => sum + each, 0);
}

function count(counts: Map<string, number>, what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1);
}

function listed(counts: ReadonlyMap<string, number>): string {
  return [...counts]
    .sort()
    .map(([what, number]) => `${what} ${number}`)
    .join(', ');
}
