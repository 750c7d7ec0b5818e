import type { Violation } from '../checker/violation.js';
import { type History, type Load, type Operation, subjectOf } from '../history/history.js';

const BEFORE_US = 2_000_000;
const AFTER_US = 200_000;
const MOST_LINES = 40;

interface Line {
  readonly at: number;
  readonly text: string;
}

/** What happened to the violation's subject shortly before, line by line; what it follows from is marked. */
export function excerpt(history: History, violation: Violation): string[] {
  const { at, involved, subject } = violation;
  const marked = (id: string): string => (involved.includes(id) ? '▶' : ' ');
  const site = subject.split('/')[0];
  const concerns = (one: Operation | Load): boolean =>
    subjectOf(one) === subject || subjectOf(one) === `${site}/*` || involved.includes(one.id);
  const lines: Line[] = [
    ...history.operations
      .filter(concerns)
      .map((one) => ({ at: one.start, id: one.id, text: `${marked(one.id)} ${describeOperation(one)}` })),
    ...history.loads
      .filter(concerns)
      .map((one) => ({ at: one.start, id: one.id, text: `${marked(one.id)} ${describeLoad(one)}` })),
    ...history.faults.map(({ start, end, kind, worker }) => {
      return {
        at: start,
        id: '',
        text: `  ${kind}${worker === undefined ? '' : ` of w${worker}`}, ${ms(end - start)}`,
      };
    }),
    ...history.amnesias.map(({ start, end, why }) => ({
      at: start,
      id: '',
      text: `  amnesia, ${ms(end - start)}: ${why}`,
    })),
  ]
    .filter((one) => involved.includes(one.id) || (one.at >= at - BEFORE_US && one.at <= at + AFTER_US))
    .sort((one, other) => one.at - other.at);
  const kept = lines.length <= MOST_LINES ? lines : thinned(lines);
  return kept.map((line) => `    ${((line.at - at) / 1_000).toFixed(3).padStart(10)} ms ${line.text}`);
}

/** Those that are marked, and the last of the others. */
function thinned(lines: readonly Line[]): readonly Line[] {
  const plain = lines.filter(({ text }) => !text.startsWith('▶'));
  const kept = new Set(plain.slice(-MOST_LINES));
  return lines.filter((line) => line.text.startsWith('▶') || kept.has(line));
}

function describeOperation({ id, kind, start, end, outcome }: Operation): string {
  const took = end === undefined ? 'no end seen' : `${ms(end - start)}`;
  return `${kind} ${id} → ${outcome === undefined ? '?' : describeOutcome(outcome)} (${took})`;
}

function describeOutcome(outcome: NonNullable<Operation['outcome']>): string {
  switch (outcome.is) {
    case 'value':
      return `value of ${outcome.load}`;
    case 'foreign':
      return outcome.shown;
    case 'loader-error':
      return `error of ${outcome.load}`;
    case 'error':
      return `${outcome.name} ${outcome.kind}: ${outcome.message}`;
    default:
      return outcome.is;
  }
}

function describeLoad({ id, call, start, end, outcome, fence }: Load): string {
  const took = end === undefined ? 'no end seen' : ms(end - start);
  return `load ${id} for ${call ?? '?'} → ${outcome ?? '?'} (${took}${fence === undefined ? '' : `, fence ${fence}`})`;
}

function ms(us: number): string {
  return `${(us / 1_000).toFixed(1)} ms`;
}
