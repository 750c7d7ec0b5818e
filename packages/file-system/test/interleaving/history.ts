/** What a key holds. */
export type State = string | undefined;

/** An operation on the one key, and what it may answer. */
export interface Operation<Subject> {
  readonly name: string;
  run(subject: Subject): Promise<unknown>;
  /** Every answer that is right in a state, with the state that follows. */
  outcomes(state: State): readonly (readonly [answer: unknown, next: State])[];
}

/** One run of an operation; moments are numbers that grow. */
export interface Run {
  readonly operation: Pick<Operation<never>, 'name' | 'outcomes'>;
  readonly began: number;
  /** Absent while it is under way: it may have taken effect, or not. */
  ended?: number;
  answer?: unknown;
}

/**
 * Whether there is an order of the runs in which one after the other would have given these answers, no run before one that
 * ended before it began: Herlihy and Wing, "Linearizability", ACM TOPLAS 12 (3), 1990.
 */
export function isLinearizable(runs: readonly Run[], state: State): boolean {
  if (runs.every(({ ended }) => ended === undefined)) return true;
  return runs.some((run) => {
    const others = runs.filter((other) => other !== run);
    if (others.some(({ ended }) => ended !== undefined && ended < run.began)) return false;
    return run.operation.outcomes(state).some(([answer, next]) => {
      return (run.ended === undefined || answer === run.answer) && isLinearizable(others, next);
    });
  });
}

export const describeRuns = (runs: readonly Run[]): string =>
  runs
    .map(({ operation, began, ended, answer }) => `  ${began}…${ended ?? ''} ${operation.name}: ${answer}`)
    .join('\n');
