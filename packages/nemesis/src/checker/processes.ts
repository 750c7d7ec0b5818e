import type { ProcessRecord } from '../history/history.js';
import type { Timeline } from './timeline.js';
import type { Invariant, Violation } from './violation.js';

/** I7, I10, I11, I12, I14: what each process has to say of itself. */
export function processFaults(timeline: Timeline): Violation[] {
  return timeline.history.processes.flatMap((process) => {
    const found = (invariant: Invariant, message: string): Violation => {
      const at = process.ended ?? process.started;
      return { invariant, message, subject: process.name, at, involved: [] };
    };
    const troubles = process.troubles.map((text) => found(invariantOf(text), text));
    return [
      ...troubles,
      ...endOf(process).map((message) => found('I12 does not end', message)),
      ...figuresOf(process, timeline).map(([invariant, message]) => found(invariant, message)),
    ];
  });
}

/** Processes begin what they tell by a word for what it is about. */
function invariantOf(trouble: string): Invariant {
  if (trouble.startsWith('prototype')) return 'I10 prototype changed';
  return trouble.startsWith('recovery') ? 'does not recover' : 'I11 unhandled';
}

function endOf({ end, code }: ProcessRecord): string[] {
  if (end === 'killed') return [];
  if (end === 'exited') return code === 0 ? [] : [`it ended with ${code}`];
  return ['it did not end after its cache was closed'];
}

function figuresOf({ name, figures }: ProcessRecord, { history }: Timeline): [Invariant, string][] {
  if (figures === undefined) return [];
  const mine = history.operations.filter(({ process }) => process === name);
  const degraded = mine.filter(
    ({ outcome }) =>
      outcome?.is === 'failed' ||
      (outcome?.is === 'error' && ['unavailable', 'contention'].includes(outcome.kind)),
  );
  const found: [Invariant, string][] = [];
  if (figures.loading !== 0)
    found.push(['I7 work left over', `${figures.loading} loads are under way with nobody calling`]);
  if (figures.failures < Math.min(1, degraded.length))
    found.push(['I14 not counted', `${degraded.length} operations were degraded and 0 failures counted`]);
  return found;
}
