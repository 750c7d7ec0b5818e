import type { History } from '../history/history.js';
import { divergentValues } from './divergent-values.js';
import { doubleStarts } from './double-starts.js';
import { fences } from './fences.js';
import { foreignValues } from './foreign-values.js';
import { processFaults } from './processes.js';
import { unpromisedErrors } from './promised-errors.js';
import { unrecovered } from './recovery.js';
import type { Rules } from './rules.js';
import { unsettled } from './settling.js';
import { staleReads } from './stale-reads.js';
import { Timeline } from './timeline.js';
import type { Violation } from './violation.js';

export interface Verdict {
  /** In the order in which they showed. */
  readonly violations: readonly Violation[];
  /** See `staleReads`. */
  readonly overtakenJoins: number;
}

/** Holds what happened against what is promised. Pure: the same history gives the same verdict. */
export function checkHistory(history: History, rules: Rules): Verdict {
  const timeline = new Timeline(history, rules);
  const stale = staleReads(timeline);
  const violations = [
    ...foreignValues(timeline),
    ...stale.violations,
    ...doubleStarts(timeline),
    ...divergentValues(timeline),
    ...fences(timeline),
    ...unsettled(timeline),
    ...unpromisedErrors(timeline),
    ...processFaults(timeline),
    ...unrecovered(timeline),
    ...leftovers(timeline),
  ];
  return {
    violations: violations.sort((one, other) => one.at - other.at),
    overtakenJoins: stale.overtakenJoins,
  };
}

/** I13: when all have ended, no lease is left. */
function leftovers({ history }: Timeline): Violation[] {
  const at = Math.max(0, ...history.processes.map(({ ended }) => ended ?? 0));
  return history.leftovers.map((key) => ({
    invariant: 'I13 lease left over',
    message: 'it is there when all have ended',
    subject: key,
    at,
    involved: [],
  }));
}
