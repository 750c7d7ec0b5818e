import type { Operation } from '../history/history.js';
import type { Subject, Timeline } from './timeline.js';
import type { Violation } from './violation.js';

/** When all faults are over every process gets a value in the end, and all get the same one. */
export function unrecovered(timeline: Timeline): Violation[] {
  return timeline.subjects.flatMap((subject) => {
    const last = new Map(subject.calls.filter(({ calm }) => calm).map((call) => [call.process, call]));
    const failed = [...last.values()].filter(({ outcome }) => outcome?.is !== 'value');
    return [...failed.map((call) => violationOf(subject, call)), ...disagreeing(subject, [...last.values()])];
  });
}

function disagreeing(subject: Subject, last: readonly Operation[]): Violation[] {
  const values = last.flatMap(({ outcome }) => (outcome?.is === 'value' ? outcome.load : []));
  const [first] = last;
  if (subject.site.tiers === 'both' || first === undefined || new Set(values).size <= 1) return [];
  const who = last.map(
    ({ process, outcome }) => `${process} has ${outcome?.is === 'value' ? outcome.load : 'none'}`,
  );
  return [
    {
      invariant: 'does not recover',
      message: `the processes do not agree: ${who.join(', ')}`,
      subject: subject.name,
      at: first.end ?? first.start,
      involved: last.map(({ id }) => id),
    },
  ];
}

function violationOf(subject: Subject, call: Operation): Violation {
  const { outcome, id } = call;
  const what =
    outcome?.is === 'error'
      ? `${outcome.name} ${outcome.kind} (${outcome.message})`
      : (outcome?.is ?? 'nothing');
  return {
    invariant: 'does not recover',
    message: `${id} got ${what}, with no fault going on any more`,
    subject: subject.name,
    at: call.end ?? call.start,
    involved: [id],
  };
}
