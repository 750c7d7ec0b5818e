import type { Operation } from '../history/history.js';
import type { SiteMode } from '../history/site-spec.js';
import type { Timeline } from './timeline.js';
import type { Violation } from './violation.js';

const AT_MOST_ONCE = ['indeterminate', 'unavailable', 'contention'];

/** No caller gets an error that nobody has promised: of a call only those of at_most_once, of a resolution only one of the backend. */
export function unpromisedErrors(timeline: Timeline): Violation[] {
  return timeline.history.operations.flatMap((operation): Violation[] => {
    const { outcome, site, key } = operation;
    const mode = timeline.rules.sites.find(({ name }) => name === site)?.mode;
    if (outcome?.is !== 'error' || isPromised(operation, mode, outcome.name, outcome.kind)) return [];
    return [
      {
        invariant: 'error of another kind',
        message: `${operation.kind} ${operation.id} threw ${outcome.name} ${outcome.kind}: ${outcome.message}`,
        subject: `${site}/${key}`,
        at: operation.end ?? operation.start,
        involved: [operation.id],
      },
    ];
  });
}

function isPromised({ kind }: Operation, mode: SiteMode | undefined, name: string, what: string): boolean {
  if (kind === 'resolve') return name === 'BackendError';
  return (
    kind === 'call' && mode === 'at_most_once' && name === 'AtMostOnceError' && AT_MOST_ONCE.includes(what)
  );
}
